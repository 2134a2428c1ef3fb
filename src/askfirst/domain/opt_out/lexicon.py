"""The words people type to make messages stop, by language.

`STOP_WORDS` are clear enough to stand beside "please" or beside what is to stop ("stop offers").
`ENDING_WORDS` also end an order, a chat or a trip: they count only as the whole message, and
never on a button. Languages are written once; the reader takes all of them together, because a
person may answer in any language.

Left out on purpose, because they mean something else where people write a lot: Swahili `acha`
(Hindi "fine"), Italian `fine`, Finnish `peru`, Vietnamese without marks (`dung` is also "right",
`huy` a name), Portuguese `para` (Turkish "money"), Finnish `seis` (Spanish "six"), Czech `dost`
(Hindi "friend"), Japanese `不要` (Chinese "no"), a bare `no`.
Sources: 47 CFR 64.1200(a)(12) for the English seven; the public keyword lists of Twilio, AWS,
Telnyx, Braze and Brevo; common usage.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

STOP_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        *("stop", "stop all", "stopall", "stop2quit", "stop it", "stop this", "stop that"),
        *("stop now", "stop everything", "st0p", "stpo", "sotp", "tsop", "stopit"),
        *("unsubscribe", "unsub", "un subscribe", "unsubscribe me", "unsubscribe all"),
        *("unsubcribe", "unsuscribe", "unsubscibe", "unsubscrib", "unsubsribe", "unsubscribed"),
        *("opt out", "optout", "opt me out", "opted out", "optout all", "opt out all"),
        *("remove me", "take me off", "leave me alone", "stop promotions", "stop promo"),
        *("stop marketing", "stop marketing messages", "do not contact", "do not disturb me"),
        *("dont text", "do not text", "stop calling", "dont call me", "do not call me"),
    ),
    "af": ("hou op", "hou asseblief op", "stop asseblief", "meld my af"),
    "am": ("አቁም", "አቁሙ", "ይቁም"),
    "ar": (
        *("إلغاء الاشتراك", "الغاء الاشتراك", "إلغاء اشتراك", "إلغاء اشتراكي", "ألغ الاشتراك"),
        *("إيقاف", "توقف", "توقفوا", "أوقف", "أوقفوا", "أوقف الرسائل", "إيقاف الرسائل"),
        *("ستوب", "وقف الرسائل", "كفى", "إيقاف العروض"),
    ),
    "az": ("dayandır", "dayandırın", "abunəni ləğv et", "mesaj göndərməyin"),
    "bg": ("спри", "спрете", "отпиши", "отпиши ме", "отпишете ме", "отписване", "отпиши се"),
    "bn": ("বন্ধ করুন", "বন্ধ করো", "বন্ধ কর", "থামুন", "থামো", "থামান", "স্টপ", "আনসাবস্ক্রাইব"),
    "ca": ("atura", "atureu", "para si us plau", "prou", "donar-me de baixa", "doneu-me de baixa"),
    "cs": ("odhlásit", "odhlásit se", "odhlaste mě", "zastavit", "přestaňte", "přestaň"),
    "da": ("afmeld", "afmeld mig", "frameld", "frameld mig", "stop venligst", "hold op"),
    "de": (
        *("stopp", "stoppen", "abbestellen", "abmelden", "aufhören", "aufhoeren", "abmeldung"),
        *("hör auf", "hört auf", "hören sie auf", "keine nachrichten mehr", "keine werbung"),
        *("keine werbung mehr", "stop werbung", "austragen", "abbestellung", "lass mich in ruhe"),
    ),
    "el": ("στοπ", "σταματήστε", "σταμάτα", "σταμάτησε", "διαγραφή", "απεγγραφή", "διαγράψτε με"),
    "es": (
        *("baja", "darme de baja", "dar de baja", "dame de baja", "darse de baja", "deme de baja"),
        *("parar", "parad", "paren", "detener", "deténgase", "deténganse", "detengan", "basta"),
        *("desuscribir", "desuscribirme", "desuscribirse", "desinscribir", "cancelar suscripción"),
        *("detener promociones", "no enviar", "no molestar", "no más mensajes", "ya no más"),
        *("no más promociones", "no más publicidad", "déjenme en paz", "déjame en paz"),
        *("basta de mensajes", "pare por favor", "por favor pare", "ya basta", "alto por favor"),
    ),
    "et": ("lõpeta", "lõpetage", "loobu", "tühista tellimus", "peata"),
    "eu": ("gelditu", "baja eman", "utzi bakean"),
    "fa": ("لغو عضویت", "لغو اشتراک", "توقف", "متوقف کن", "متوقف کنید", "بس کن", "پیام ندهید"),
    "fi": ("lopeta", "lopettakaa", "peru tilaus", "peruuta tilaus", "peru uutiskirje"),
    "fr": (
        *("arrêt", "arrête", "arrêtez", "arrett", "arrêter", "stop svp", "désabonner"),
        *("désabonnement", "me désabonner", "se désabonner", "désabonnez-moi", "désinscrire"),
        *("désinscription", "me désinscrire", "désinscrivez-moi", "stop pub", "stop publicité"),
        *("plus de messages", "plus de pub", "ça suffit", "laissez-moi tranquille"),
        *("arrêter les promotions", "désabonnez moi", "arrêtez ça"),
    ),
    "gu": ("બંધ કરો", "રોકો", "સ્ટોપ", "બંધ કરી દો"),
    "ha": ("dakata", "ku dakata"),
    "he": (
        *("הסר", "הסרה", "הסירו", "להסיר", "תסיר", "תסירו", "הסירו אותי", "תסירו אותי", "הסר אותי"),
        *("עצור", "עצרו", "תפסיק", "תפסיקו", "הפסק", "הפסיקו", "סטופ", "די", "להסרה"),
        *("ביטול הרשמה", "ביטול מנוי", "בטלו הרשמה"),
    ),
    "hi": (
        *("बंद करो", "बंद करें", "बंद कर दो", "बंद कीजिए", "बन्द करो", "रोको", "रोकें", "स्टॉप"),
        *("band karo", "band kardo", "band kar do", "band karen", "bandh karo", "band kijiye"),
        *("अनसब्सक्राइब", "मैसेज मत भेजो", "message mat bhejo", "msg mat bhejo", "bas karo"),
    ),
    "hr": ("odjava", "odjavi", "odjavi me", "odjavite me", "prestani", "prestanite", "zaustavi"),
    "hu": ("leiratkozás", "leiratkozom", "leiratkozni", "leállítás", "hagyjátok abba"),
    "hy": ("ստոպ", "դադարեցնել", "դադարեցրեք", "կանգնեցրեք"),
    "id": (
        *("berhenti", "hentikan", "stop promosi", "berhenti berlangganan", "jangan kirim"),
        *("jangan kirim lagi", "jangan kirim pesan", "jangan ganggu", "setop", "stop kirim"),
        *("berhenti langganan", "hentikan promosi", "jangan wa saya lagi"),
    ),
    "is": ("stopp", "hætta", "hættið", "afskrá", "afskrá mig"),
    "it": (
        *("basta", "basta messaggi", "annulla iscrizione", "cancellami", "cancellatemi"),
        *("disiscrivimi", "disiscrivetemi", "disiscriviti", "disiscrizione", "disiscrivermi"),
        *("smettila", "smettetela", "fermatevi", "interrompi", "stop messaggi"),
        *("basta pubblicità", "lasciatemi in pace", "toglietemi dalla lista", "disattiva messaggi"),
    ),
    "ja": (
        *(
            "配信停止",
            "やめて",
            "ヤメテ",
            "止めて",
            "やめてください",
            "止めてください",
            "停止してください",
        ),
        *("配信停止希望", "配信を停止", "登録解除", "購読解除", "配信解除", "ストップ", "受信拒否"),
        *("もう送らないで", "送らないで", "送らないでください", "配信不要", "オプトアウト"),
    ),
    "ka": ("სტოპ", "გაჩერდი", "შეწყვიტე", "შეწყვიტეთ", "შეაჩერე", "შეაჩერეთ"),
    "kk": ("тоқтат", "тоқтатыңыз", "тоқтату"),
    "km": ("ឈប់", "បញ្ឈប់", "ឈប់ផ្ញើ"),
    "kn": ("ನಿಲ್ಲಿಸಿ", "ನಿಲ್ಲಿಸು", "ಸ್ಟಾಪ್"),
    "ko": (
        *("중지", "중단", "수신거부", "수신 거부", "그만", "그만해", "그만하세요", "그만 보내"),
        *("그만 보내세요", "그만보내세요", "구독취소", "구독 취소", "구독 해지", "구독해지"),
        *("스톱", "보내지 마세요", "보내지마세요", "차단해 주세요", "수신 차단", "중단해 주세요"),
    ),
    "lo": ("ຢຸດ", "ຢຸດສົ່ງ"),
    "lt": ("sustabdyti", "sustabdykite", "stabdyti", "atsisakyti", "atsisakau", "nustokite"),
    "lv": ("apturēt", "apturiet", "atteikties", "atrakstīties", "pārtraukt", "pārtrauciet"),
    "mk": ("престани", "престанете", "одјави", "одјави ме", "одјавете ме", "одјава"),
    "ml": ("നിർത്തുക", "നിർത്തൂ", "നിർത്ത്", "സ്റ്റോപ്പ്"),
    "mn": ("зогсоо", "зогсооно уу"),
    "mr": ("थांबा", "थांबवा", "बंद करा"),
    "ms": (
        *("henti", "berhenti", "henti promo", "henti promosi", "berhenti promosi", "jangan hantar"),
        *("tak nak terima promosi", "tak nak terima mesej", "berhenti melanggan", "jangan mesej"),
    ),
    "ne": ("बन्द गर्नुहोस्", "बन्द गर", "रोक्नुहोस्", "रोक"),
    "nl": (
        *("stoppen", "afmelden", "uitschrijven", "meld me af", "schrijf me uit", "hou op"),
        *("geen berichten meer", "geen reclame meer", "geen reclame", "laat me met rust"),
    ),
    "no": ("avslutt", "avmeld", "meld meg av", "avmelding", "slutt å sende", "avslutte abonnement"),
    "pa": ("ਬੰਦ ਕਰੋ", "ਰੋਕੋ", "ਸਟਾਪ"),
    "pl": (
        *("stop proszę", "wypisz", "wypisz mnie", "wypiszcie mnie", "rezygnuję", "przestań"),
        *("przestańcie", "wypisać", "wypisz się", "koniec wiadomości", "stop reklamom"),
        *("proszę mnie wypisać", "nie pisz", "nie piszcie", "nie piszcie do mnie"),
    ),
    "pt": (
        *("parar", "parem", "sair da lista", "descadastrar", "descadastre", "descadastrar-me"),
        *("me descadastre", "não quero receber", "não quero mais receber", "para de mandar"),
        *("parar promoções", "pare de mandar", "parem de mandar", "chega de mensagens"),
        *("cancelar inscrição", "cancelar assinatura", "me tira da lista", "remover da lista"),
        *("não enviar", "pare por favor", "por favor pare", "desinscrever"),
        *("me deixa em paz", "me deixem em paz", "não perturbe"),
    ),
    "ro": (
        *("oprește", "opriți", "dezabonare", "dezabonează-mă", "mă dezabonez", "opriți mesajele"),
        *("gata cu mesajele", "nu mai trimiteți"),
    ),
    "ru": (
        *("стоп", "отписаться", "отписка", "отпишите", "отпишите меня", "отпиши меня", "хватит"),
        *("не пиши", "не писать", "не пишите", "прекратите", "прекрати", "остановить", "отстаньте"),
        *("хватит писать", "отписать меня", "отказ от рассылки", "отпиши", "отпишись"),
    ),
    "si": ("නවත්වන්න", "නවතන්න"),
    "sk": ("odhlásiť", "odhlásiť sa", "odhláste ma", "prestaňte", "prestaň", "zastaviť"),
    "sl": ("odjavi se", "ustavi", "ustavite", "nehaj", "nehajte", "odjavite me"),
    "so": ("jooji", "joojiya"),
    "sq": ("ndalo", "ndaloni", "ndal", "çregjistrohu", "më çregjistro"),
    "sr": ("стани", "престаните", "одјавите ме", "одјави ме", "обустави"),
    "sv": ("stopp", "stoppa", "stopa", "sluta", "avregistrera", "avsluta prenumeration", "avanmäl"),
    "sw": ("sitisha", "simamisha", "acha kutuma", "acheni", "acha kunitumia", "jiondoe", "niondoe"),
    "ta": ("நிறுத்து", "நிறுத்தவும்", "நிறுத்துங்கள்", "ஸ்டாப்"),
    "te": ("ఆపు", "ఆపండి", "ఆపేయండి", "నిలిపివేయండి", "స్టాప్"),
    "th": (
        *("หยุด", "หยุดส่ง", "หยุดส่งข้อความ", "เลิกส่ง", "เลิกรับข่าวสาร", "ยกเลิกการสมัคร"),
        *("ยกเลิกรับข่าวสาร", "ยกเลิกการรับข่าวสาร", "หยุดเถอะ", "หยุดครับ", "หยุดค่ะ", "พอแล้ว"),
        *("สต็อป", "สตอป", "เลิกติดตาม", "ไม่รับข่าวสาร", "ยกเลิกการติดตาม", "กรุณาหยุด"),
    ),
    "tl": ("itigil", "itigil na", "tigil", "tigilan", "tigilan mo na ako", "ihinto", "tama na"),
    "tr": (
        *("durdur", "durdurun", "abonelikten çık", "abonelikten ayrıl", "ret", "yeter"),
        *("mesaj atmayın", "mesaj gönderme", "mesaj göndermeyin", "üyelikten çık", "listeden çık"),
        *("aboneliği iptal et", "aboneliği sonlandır", "beni listeden çıkarın", "rahatsız etmeyin"),
    ),
    "uk": (
        *(
            "стоп",
            "відписатися",
            "відписатись",
            "відписка",
            "відпишіть",
            "відпишіть мене",
            "припинити",
        ),
        *("припиніть", "зупинити", "зупиніть", "не пишіть", "не пиши"),
    ),
    "ur": ("بند کرو", "بند کریں", "بند کر دو", "بند کر دیں", "روکو", "روک دیں", "اسٹاپ", "سٹاپ"),
    "uz": ("to'xtat", "to'xtating", "to'xtatish", "obunani bekor qilish", "тўхтат", "тўхтатинг"),
    "zh": (
        *("退订", "退訂", "取消订阅", "取消訂閱", "停止发送", "停止發送", "退订消息", "回复退订"),
        *("别发了", "別發了", "不要发了", "不要發了", "请停止", "請停止", "停止推送", "别再发了"),
        *("別再傳了", "不要再傳了", "不要再发了", "拒收", "停止訊息", "停止消息", "停發", "停发"),
        *("別傳了", "不要傳了", "别烦我", "別煩我", "停止接收"),
    ),
}

ANNOYED_WORDS: Final = {
    "en": ("block", "blocked", "block you", "shut up"),
}
"""Whole messages that ask for nothing in so many words: offers rest, nothing else does."""

ENDING_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("cancel", "end", "quit", "revoke", "remove", "cancel all", "quit all", "halt", "cease"),
    "ar": ("إلغاء", "الغاء", "خروج"),
    "ca": ("baixa", "cancel·lar"),
    "cs": ("konec", "stačí", "zrušit"),
    "da": ("annuller",),
    "de": ("ende", "beenden", "kündigen"),
    "el": ("ακύρωση", "τέλος"),
    "es": ("alto", "pare", "cancelar", "salir"),
    "fa": ("لغو", "انصراف"),
    "fi": ("peruuta",),
    "fr": ("fin", "annuler", "résilier"),
    "he": ("ביטול", "בטל", "לבטל", "בטלו"),
    "hi": ("बंद", "रुको", "रुकिए", "रद्द करें"),
    "hu": ("állj", "vége", "elég"),
    "id": ("batal", "batalkan", "cancel langganan", "keluar"),
    "it": ("annulla", "disattiva", "rimuovi"),
    "ja": ("停止", "解除", "中止", "退会"),
    "ka": ("გაუქმება",),
    "ko": ("취소", "해지", "거부"),
    "nl": ("annuleren", "opzeggen", "einde"),
    "no": ("avbryt",),
    "pl": ("koniec", "anuluj", "dość"),
    "pt": ("pare", "sair", "cancelar", "remover", "chega", "não quero mais"),
    "ro": ("anulează", "stop vă rog"),
    "ru": ("отмена", "отменить", "стой", "конец"),
    "sk": ("koniec", "zrušiť"),
    "sv": ("avsluta", "avbryt"),
    "th": ("ยกเลิก", "เลิก"),
    "tr": ("dur", "iptal", "çık"),
    "uk": ("скасувати", "стій", "кінець", "досить", "годі"),
    "zh": ("停", "停止", "取消", "td", "终止", "終止"),
}

# With marks only: without them these are other words.
MARKED_STOP_WORDS: Final[tuple[str, ...]] = (
    *("dừng", "dừng lại", "ngừng", "ngừng lại", "ngưng", "dừng gửi tin", "ngừng gửi tin"),
    *("ngừng nhận tin", "hủy đăng ký", "huỷ đăng ký", "thôi đừng gửi nữa", "từ chối nhận tin"),
    *("đừng nhắn nữa", "đừng gửi nữa", "ngưng gửi tin", "đừng làm phiền"),
)
MARKED_ENDING_WORDS: Final[tuple[str, ...]] = ("hủy", "huỷ", "hủy bỏ", "huỷ bỏ")

# Words that may stand around a stop and change nothing.
COURTESY: Final = (
    "please pls plz plse kindly ok okay k yes yeah hi hello hey now just so and but thanks thank"
    " you"
    " u can could would will i said immediately asap sir madam bro dear team guys again already"
    " por favor porfavor porfa porfis ya gracias ahora hola obrigado obrigada agora ola pf pfv"
    " svp stp sil vous plait te merci bonjour maintenant bitte danke jetzt sofort hallo prosze"
    " lam on xin vui long"
    " dziekuje per piacere favore grazie ora ciao alsjeblieft alstublieft aub dank tack snalla"
    " vanligen takk tak venligst prosim dekuji kerem koszonom molim hvala parakalo lutfen"
    " tesekkurler artik tolong mohon tolonglah terima kasih ya pak bu min kak"
    " пожалуйста спасибо сейчас"
    " прошу будь ласка дякую моля παρακαλω ευχαριστω בבקשה תודה عفوا رجاء رجاءا شكرا لطفا ممنون"
    " فضلك من لو سمحت कृपया धन्यवाद प्लीज please दीजिए bhai ji 부탁드립니다 제발 krub kha"
)

# What is to stop. These say "everything you send"; the ones that say "advertising" come after.
MESSAGES: Final = (
    "message messages msg msgs text texts texting messaging sms whatsapp whatsapps notification"
    " notifications alerts updates spam communications broadcasts emails mensaje mensajes"
    " notificaciones mensagem mensagens notificacoes messagerie nachricht nachrichten"
    " benachrichtigungen messaggio messaggi notifiche bericht berichten meldingen wiadomosci"
    " wiadomosc powiadomienia сообщения сообщение рассылка рассылку уведомления повідомлення"
    " розсилку розсилка mesaj mesajlar mesajlari mesajlarini bildirim bildirimler pesan mesej"
    " notifikasi meddelanden meldinger beskeder viestit viesteja zpravy spravy uzenetek uzeneteket"
    " mesaje mesajele mesajelor μηνυματα съобщения съобщенията poruke поруке الرسائل رسائل رسائلكم"
    " پیام پیامها پیغامات הודעות הודעה संदेश मैसेज मेसेज মেসেজ বার্তা ujumbe mensahe missatges"
)

MARKETING: Final = (
    r"(?<!\S)(?:promo|offers?(?!\S)|offert[ae]|ofert|ofrec|offres?(?!\S)|marketing|market(?!\S)"
    r"|ads?(?!\S)|advert|deals?(?!\S)|discount|newsletter|publicid|pubb?licit|pubs?(?!\S)|anuncio"
    r"|propagand|descuent|descont|werb|angebot|rabatt|reclame|aanbieding|reklam|sconti(?!\S)"
    r"|oferty|iklan|penawaran|diskon|kampan|tanitim|indirim|erbjudand|tilbud|annons|tarjou|mainok"
    r"|nabid|ponuk|hirdet|ajanlat|akcio|προσφορ|διαφημ|реклам|акци[ийюя]|скидк|распродаж"
    r"|предложени|пропозиц|промо|знижк|оферт|khuyen mai|quang cao|matangazo)"
    r"|عروض|اعلان|دعايه|تسويق|ترويج|تبلیغ|تخفیف|اشتہار|פרסומ|מבצע|שיווק|विज्ञापन|प्रचार|ऑफर|अॉफर"
    r"|বিজ্ঞাপন|অফার|广告|廣告|促销|促銷|营销|營銷|推广|推廣|优惠|優惠|広告|宣伝|プロモ|キャンペーン|セール|광고|홍보|프로모션"
    r"|마케팅|โฆษณา|โปรโม|โปรฯ|quảng cáo|khuyến mãi"
)
# With one of these beside it, "offers" is only one thing of many.
ALL_OF_IT: Final = (
    r"(?<!\S)(?:everything|todo|tudo|tout|alles|tutto|all\Z"
    r"|all (?:of )?(?:your |the )?(?:messages|texts|communications|notifications)"
    r"|(?:messages|texts) (?:and|or)|(?:and|or) (?:any |other |all )?(?:messages|texts))(?!\S)"
)

# Words between the stop and what is to stop.
SMALL_WORDS: Final = (
    "all the your these those any this our from of to me us for with more sending receiving getting"
    " further future los las el la de del todos todas sus tus estos estas esos me mas os as o a da"
    " do das seus suas esses essas mais les le l du des aux vos ces toutes tous die der das alle"
    " eure"
    " ihre diese mir i gli alla al tutte tutti vostri vostre het deze jullie semua ini dari era"
    " alla mina tum butun bu все всю ваши эту эти мне ваших усі всі ваші τα τις όλα ολα toate"
    " wasz wasze בכל את كل هذه سب"
)

# Words a business puts into the payload of an opt-out button, beside the stop itself.
BUTTON_WORDS: Final = (
    "action button btn cta payload id type cmd command confirm confirmed request quick reply wa"
    " user contact contacts customer preference preferences subscription consent permanent"
    " permanently"
    " forever list event flow click clicked tap tapped link receive receiving getting"
)
# Words that turn such a button round, or ask about it.
BUTTON_TURNS: Final = "keep cancel undo back stay resume start help info why how until pause snooze"
