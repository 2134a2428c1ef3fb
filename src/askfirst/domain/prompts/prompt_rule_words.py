"""Words by which the rules about wording know what a question says, by language.

Patterns over small letters with straight apostrophes. They are stems where a language bends its
words, and narrow where a stem would also hit something harmless: a false alarm teaches people to
ignore the rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CHANNEL: Final = (
    "whatsapp|واتس ?[اآ]ب|וו?אטסאפ|ווטסאפ|व्हाट्स ?ऐप|व्हाट्सएप|व्हॉट्सऐप|হোয়াটসঅ্যাপ"
    "|วอทส์?แอ[ปพ]|ва[тц]са[пб]|вотсап|ワッツアップ|왓츠앱|γουατσαπ"
)

# What messages are about, so that "messages" alone does not pass.
KINDS: Final[Mapping[str, str]] = {
    "en": r"\b(offer|news|order|deliver|parcel|code|appointment|booking|promo|discount|deal|sale"
    r"|account|invoice|receipt|reminder|voucher|coupon|recipe|event|tracking|shipment|product)",
    "fr": r"offre|actualit|nouveaut|command|livraison|colis|code|rendez-vous|réservation|promo"
    r"|remise|compte|facture|rappel|recette|événement|produit",
    "es": r"ofert|novedad|pedido|entrega|envío|paquete|código|cita|reserva|promoci|descuento|cuenta"
    r"|factura|recordatorio|receta|evento|producto|noticia",
    "pt": r"ofert|novidade|pedido|encomenda|entrega|código|consulta|reserva|promoç|desconto|conta"
    r"|fatura|lembrete|receita|evento|produto|notícia",
    "de": r"angebot|neuigkeit|neuheit|bestell|liefer|paket|code|termin|buchung|rabatt|aktion|konto"
    r"|rechnung|erinnerung|rezept|veranstaltung|produkt|werbung|newsletter",
    "it": r"offert|novità|ordin|consegn|spedizion|pacco|codic|appuntament|prenotazion|promozion"
    r"|scont|account|fattur|promemoria|ricett|event|prodott|notizi",
    "nl": r"aanbieding|nieuws|bestelling|levering|bezorg|pakket|code|afspra|boeking|actie|korting"
    r"|account|factu|herinnering|recept|evenement|product",
    "pl": r"ofert|nowości|aktualności|zamówie|dostaw|paczk|kod|wizyt|rezerwacj|promocj|rabat|kont"
    r"|faktur|przypomnie|przepis|wydarze|produkt",
    "ro": r"ofert|noutăți|știri|comen|comand|livr|colet|cod|programare|programări|rezerv|promoți"
    r"|reducer|cont|factur|memento|rețet|eveniment|produs",
    "el": r"προσφορ|νέα|παραγγελ|παράδοσ|αποστολ|κωδικ|ραντεβού|κράτησ|εκπτώσ|έκπτωσ|λογαριασμ"
    r"|τιμολόγ|υπενθύμισ|συνταγ|εκδηλώσ|προϊόν",
    "tr": r"kampanya|fırsat|yenilik|haber|sipariş|teslimat|kargo|kod|randevu|rezervasyon|indirim"
    r"|hesap|fatura|hatırlat|tarif|etkinlik|ürün",
    "ru": r"предложени|новост|новинк|заказ|доставк|посылк|код|запис|брон|акци|скид|аккаунт|счет"
    r"|счёт"
    r"|напоминани|рецепт|мероприяти|товар|реклам",
    "uk": r"пропозиці|новин|замовлен|доставк|посилк|код|запис|бронюван|акці|знижк|облік|рахун"
    r"|нагадуван|рецепт|подій|події|товар|реклам",
    "ar": r"عرض|عروض|أخبار|طلب|توصيل|شحن|رمز|رموز|موعد|مواعيد|حجز|خصم|خصومات|حساب|فاتورة|تذكير"
    r"|منتج",
    "he": r"מבצע|הצע|חדשות|חידוש|הזמנ|משלוח|קוד|תור|הנח|חשבון|תזכור|מתכונ|אירוע|מוצר",
    "hi": r"ऑफ़?र|समाचार|खबर|ख़बर|नई जानकारी|ऑर्डर|डिलीवरी|कोड|अपॉइंटमेंट|बुकिंग|छूट|खात|बिल"
    r"|रिमाइंडर|उत्पाद",
    "bn": r"অফার|খবর|অর্ডার|ডেলিভারি|কোড|অ্যাপয়েন্টমেন্ট|বুকিং|ছাড়|অ্যাকাউন্ট|বিল|পণ্য",
    "id": r"penawaran|kabar|berita|promo|pesanan|pengiriman|paket|kode|janji|reservasi|diskon|akun"
    r"|tagihan|faktur|pengingat|resep|acara|produk",
    "ms": r"tawaran|berita|promosi|pesanan|penghantaran|bungkusan|kod|janji temu|tempahan|diskaun"
    r"|akaun|bil|invois|peringatan|resipi|acara|produk",
    "vi": r"ưu đãi|khuyến mãi|tin mới|tin tức|đơn hàng|giao hàng|mã|lịch hẹn|đặt chỗ|giảm giá"
    r"|tài khoản|hóa đơn|nhắc|công thức|sự kiện|sản phẩm",
    "th": r"ข้อเสนอ|ข่าว|โปรโมชั่น|คำสั่งซื้อ|จัดส่ง|พัสดุ|รหัส|นัดหมาย|การจอง|ส่วนลด|บัญชี"
    r"|ใบแจ้งหนี้|เตือน|สินค้า",
    "zh": r"优惠|優惠|促销|促銷|新消息|最新消息|新闻|新聞|资讯|資訊|订单|訂單|配送|快递|包裹|验证码"
    r"|驗證碼|预约|預約|折扣"
    r"|账户|帳戶|账单|帳單|提醒|活动|活動|新品|产品",
    "ja": r"お得|クーポン|セール|新着|新商品|ニュース|注文|配送|お届け|コード|予約|割引|アカウント"
    r"|請求|リマインド|イベント|商品",
    "ko": r"혜택|할인|소식|행사|이벤트|주문|배송|택배|코드|인증|예약|쿠폰|계정|청구|알림|상품|광고",
}

# Terms and conditions in the same breath, or a yes that is read out of something else.
BUNDLED: Final[Mapping[str, str]] = {
    "en": r"terms (and|&) conditions|terms of (use|service|sale)|\bt&cs?\b|general terms"
    r"|conditions of (use|sale)|accept the (terms|privacy)"
    r"|\bby (signing|registering|continuing|ordering|buying|logging|creating|placing|clicking"
    r"|using|subscribing|checking)\b",
    "fr": r"conditions (générales|d'utilisation|de vente)|\bcg[uv]\b"
    r"|politique de confidentialité et"
    r"|\ben (vous inscrivant|continuant|commandant|créant|validant|cliquant)",
    "es": r"términos (y condiciones|de uso|del servicio)|condiciones (generales|de uso|de venta)"
    r"|\bal (registrar|continuar|comprar|crear|hacer clic|inscribir)",
    "pt": r"termos (e condições|de uso|de utilização|de serviço)|condições gerais"
    r"|\bao (se cadastrar|continuar|comprar|criar|clicar|registar|inscrever)",
    "de": r"\bagb\b|geschäftsbedingungen|nutzungsbedingungen|teilnahmebedingungen"
    r"|\b(mit|durch) (der|ihrer|deiner|meiner) (anmeldung|registrierung|bestellung)|indem (sie"
    r"|du) fort",
    "it": r"termini e (le )?condizioni|condizioni (generali|d'uso|di vendita)|termini di servizio"
    r"|\b(registrando|continuando|iscrivendo|acquistando|cliccando)",
    "nl": r"(algemene|gebruiks|verkoop) ?voorwaarden|\bdoor (je|u) (aan te melden|te registreren)"
    r"|\bdoor (verder te gaan|te bestellen|te klikken)",
    "pl": r"regulamin|warunki (korzystania|ogólne|sprzedaży)|\b(rejestrując|kontynuując|składając"
    r"|klikając)",
    "ro": r"termenii? (și|şi) condiți|condiți(i|ile) generale|\bprin (înregistrare|continuare"
    r"|plasarea)",
    "el": r"όρ(οι|ους|ων) (και|χρήσης)|γενικ(οί|ούς) όρ|\bσυνεχίζοντας|με την (εγγραφή|παραγγελία)",
    "tr": r"kullanım (koşul|şart)|şartlar ve koşul|üyelik sözleşme|\b(kaydolarak|devam ederek"
    r"|üye olarak)",
    "ru": r"услови(я|ями|й) (использования|обслуживания|продажи)|пользовательск\w+ соглаш"
    r"|\b(регистрируясь|продолжая|оформляя|нажимая)",
    "uk": r"умов(и|ами|) (використання|надання|продажу)|угод\w+ користувача"
    r"|\b(реєструючись|продовжуючи|оформлюючи|натискаючи)",
    "ar": r"الشروط والأحكام|شروط (الاستخدام|الخدمة)|(بالتسجيل|بالمتابعة|بالضغط|بمتابعت)",
    "he": r"תנאי (ה?שימוש|השירות)|תקנון|ב(הרשמה|המשך|לחיצה)",
    "hi": r"नियम (और|व|एवं) शर्त|सेवा की शर्त|उपयोग की शर्त|(साइन अप|रजिस्टर|जारी रख)\S* (करके|कर)",
    "bn": r"শর্তাবলী|নিয়ম ও শর্ত|(নিবন্ধন|সাইন আপ) করে",
    "id": r"syarat (dan|&) ketentuan|ketentuan layanan|\bdengan (mendaftar|melanjutkan|membeli"
    r"|mengklik)",
    "ms": r"terma (dan|&) syarat|terma perkhidmatan|\bdengan (mendaftar|meneruskan|membeli"
    r"|mengklik)",
    "vi": r"điều khoản|bằng (việc|cách) (đăng ký|tiếp tục|mua|nhấp)",
    "th": r"ข้อกำหนด|เงื่อนไขการ|ข้อตกลงการใช้|ถือว่า.{0,20}(ยอมรับ|ยินยอม)",
    "zh": r"(服务|使用)条款|用户协议|(服務|使用)條款|条款和条件|條款(及|和)|即(表示|视为|視為)",
    "ja": r"利用規約|規約に同意|(登録|続行|購入|注文)する(ことで|ことにより)",
    "ko": r"약관|(가입|계속|주문|구매)하(면|시면)",
}

# That somebody agrees, which nobody does by reading a notice.
CONSENTING: Final[Mapping[str, str]] = {
    "en": r"\b(agree|consent|accept|opt(ed|ing)?[ -]?in\b|permission|permit|authori[sz]e|allow"
    r"|subscri|sign(ed)? up)",
    "fr": r"accept|consen[ts]|autoris|d'accord|abonnez|inscri",
    "es": r"acept|consent|consient|autoriz|de acuerdo|suscri",
    "pt": r"aceit|consent|autoriz|concord|inscrev|subscrev",
    "de": r"einverstand|einwillig|zustimm|\bstimm(en|st)? (sie|du)|akzeptier|erlaub|genehmig"
    r"|abonnier",
    "it": r"accett|consens|consent|autorizz|d'accordo|iscriv(i|e|endo)\b",
    "nl": r"akkoord|toestem|\bstem(t)? (je|u)\b|accepteer|goedkeur",
    "pl": r"zgadza|zgod[aęzy]|akceptuj|wyrażasz|zezwal|subskryb",
    "ro": r"de acord|acordul|accept|consim|autoriz|abonați",
    "el": r"συμφων|συναιν|αποδέχ|αποδοχ|συγκατ|επιτρέπετε",
    "tr": r"kabul ed|onay|izin ver|\brıza|abone ol",
    "ru": r"соглас|соглаш|разреша|принимаете|подписыва",
    "uk": r"погодж|згод[аиу]|дозвол|приймаєте|підписує",
    "ar": r"توافق|موافق|أوافق|تقبل|القبول|تسمح|تأذن",
    "he": r"מסכימ|הסכמ|מאשר|רשות|מתיר",
    "hi": r"सहमत|स्वीकार|अनुमति|मंज़?ूर",
    "bn": r"সম্মত|অনুমতি|রাজি|গ্রহণ কর",
    "id": r"setuju|mengizinkan|memberi izin",
    "ms": r"setuju|membenarkan|kebenaran|memberi izin",
    "vi": r"đồng ý|chấp thuận|chấp nhận|cho phép",
    "th": r"ยินยอม|ยอมรับ|ตกลง|อนุญาต",
    "zh": r"同意|接受|授权|授權|允许|允許|许可|許可",
    "ja": r"同意|承諾|許可|了承",
    "ko": r"동의|승낙|허락|수락|허용",
}

# A tick that means no, or a yes wrapped in two noes.
TURNED_ROUND: Final[Mapping[str, str]] = {
    "en": r"\b(do not|don't|not) (want|wish|object|mind|like)|\b(untick|uncheck|deselect|unselect)"
    r"|\bunless (i|you)\b|\bnot (un|opt)|\bno longer (not|un)",
    "fr": r"\bne (souhait|veux|voul|désir|m'oppose|vous oppos|refus)\w*|\bn'accepte|décoche|sauf si"
    r"|à moins que",
    "es": r"\bno (dese|quier|me opong|acept|rechaz)|desmar(ca|que)|a menos que|salvo que",
    "pt": r"\bnão (desej|quer|aceit|me opon|recus)|desmar(ca|que)|a menos que|exceto se",
    "de": r"\b(möchte|will|wünsche|möchten)\b[^.?!]*\b(nicht|keine[nr]?)\b|widersprech|abwählen"
    r"|häkchen entfern"
    r"|es sei denn|sofern (sie|du|ich) nicht",
    "it": r"\bnon (desider|voglio|vuoi|mi oppong|accett|rifiut)|deselezion|a meno che",
    "nl": r"\b(wil|wens)\b[^.?!]*\b(niet|geen)\b|uitvink|vink[^.?!]* uit\b|tenzij",
    "pl": r"\bnie (chc|życz|wyraż|sprzeciw|odmaw)|odznacz|chyba że",
    "ro": r"\bnu (dor|vreau|vrei|sunt de acord|refuz)|debif|cu excepția cazului",
    "el": r"\bδεν (θέλ|επιθυμ|συμφων|αρν)|αποεπιλ|εκτός (εάν|αν)",
    "tr": r"istemiyor|almak istemi|kabul etmiyor|işareti kaldır|aksi (takdirde|belirt)",
    "ru": r"\bне (хоч|хот|жела|соглас|возраж|отказ)|сними\w* (галочку|флажок)|если (вы )?не\b",
    "uk": r"\bне (хоч|бажа|погодж|запереч|відмов)|зніміть|якщо (ви )?не\b",
    "ar": r"\bلا (أريد|أرغب|أوافق|تريد|ترغب|أمانع|أرفض)|إلغاء التحديد|\bما لم\b",
    "he": r"(לא|אינני|איני) (רוצ|מעוני|מסכימ?|מתנגד)|הסר\w* את הסימון|אלא אם",
    "hi": r"नहीं (चाहत|पाना|लेना)|चाहत\S* नहीं|अनचेक|निशान हटा",
    "bn": r"চাই না|চান না|টিক \S*\s?(তুলে|সরি)|যদি না",
    "id": r"tidak (ingin|mau|setuju|keberatan|menolak)|(hapus|hilangkan) (centang|tanda)|kecuali",
    "ms": r"tidak (mahu|ingin|bersetuju|menolak)|nyahtanda|buang tanda|kecuali",
    "vi": r"không (muốn|đồng ý|phản đối|từ chối)|bỏ (chọn|đánh dấu)|trừ khi",
    "th": r"ไม่(ต้องการ|ประสงค์|ยินยอม|ยอมรับ|ปฏิเสธ)|ยกเลิกการเลือก|เว้นแต่",
    "zh": r"不(想|希望|愿|願|同意|反对|反對|拒)|取消(勾选|勾選|选择|選擇)|除非",
    "ja": r"(希望|受け取り|同意)(し)?(ない|ません)|チェックを(外|はず)|限り",
    "ko": r"(원하|받|동의하|거부하)지 않|체크\S* 해제|선택\S* 해제",
}

# A no that makes the person small.
SHAMING: Final[Mapping[str, str]] = {
    "en": r"\b(hate|dislike|rather|full price|miss(ing)? out|don't (like|care|need|want)"
    r"|prefer (paying|to pay)"
    r"|not interested in (sav|deal)|no savings|stay uninformed|i'll pass on|lose)\b",
    "fr": r"déteste|préfère (payer|rater|perdre)|plein tarif|tant pis|n'aime pas|rater|m'en fiche",
    "es": r"odio|prefiero (pagar|perder)|perder(me|nos)?\b|me lo pierdo|no me (gusta|importa)"
    r"|precio completo",
    "pt": r"odeio|prefiro (pagar|perder)|\bperder|não (gosto|ligo)|preço cheio|tanto faz",
    "de": r"hasse|verpass|lieber (mehr|voll|teuer)|mag kein|vollen preis|ist mir egal|nicht sparen",
    "it": r"\bodio|preferisco (pagare|perdere)|perder(mi|e)|prezzo (pieno|intero)|non mi (piac"
    r"|import)",
    "nl": r"\bhaat|mis (het )?liever|liever (meer|de volle)|volle prijs|kan me niet schelen"
    r"|hou niet van",
    "pl": r"nienawidz|wolę (płacić|przegapić|stracić)|pełn(ą|ej) cen|nie lubię|przegapi"
    r"|nie obchodzi",
    "ro": r"\burăsc|prefer să (plătesc|pierd)|preț(ul)? întreg|nu-mi (place|pasă)|ratez",
    "el": r"μισώ|προτιμώ να (πληρ|χάσ)|χάνω|χάσω|δεν μου αρέσ|δεν με νοιάζει",
    "tr": r"nefret|kaçır|tam fiyat|sevmiyor|umurumda",
    "ru": r"ненавиж|предпочитаю|полную цену|упустить|не люблю|вс[её] равно|переплач",
    "uk": r"ненавид|волію|повну ціну|втратити|не люблю|байдуже|переплач",
    "ar": r"أكره|أفضل (دفع|أن أدفع)|السعر الكامل|تفويت|لا (أحب|يهمني)",
    "he": r"שונא|מעדיפ?ה? לשלם|מחיר מלא|לפספס|לא (אוהב|אכפת)",
    "hi": r"नफ़?रत|पूरी कीमत|पसंद नहीं|परवाह नहीं",
    "bn": r"ঘৃণা|পুরো দাম|পছন্দ করি না|হারাতে",
    "id": r"benci|lebih suka (mem)?bayar|harga penuh|ketinggalan|tidak (suka|peduli)",
    "ms": r"benci|lebih suka (mem)?bayar|harga penuh|terlepas|tidak (suka|peduli)",
    "vi": r"ghét|thà (trả|bỏ)|bỏ lỡ|giá gốc|không (thích|quan tâm)",
    "th": r"เกลียด|ราคาเต็ม|พลาด|ไม่(ชอบ|สนใจ)",
    "zh": r"讨厌|討厭|宁愿|寧願|原价|原價|错过|錯過|不(喜欢|喜歡|在乎)",
    "ja": r"嫌い|定価|損し|逃し|見逃|どうでもいい",
    "ko": r"싫어|정가|놓치|손해|상관없",
}
