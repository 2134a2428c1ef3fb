"""Sentences that ask for messages to stop, in all other languages: see `stop_phrases.py`."""

from __future__ import annotations

from typing import Final

from askfirst.domain.opt_out.stop_phrases import Phrase

_RU = (
    Phrase(
        "пишите пиши писать присылайте присылай присылать шлите отправляйте отправляй"
        " беспокойте беспокоить звоните",
        r"(?:больше )?не (?:надо |нужно )?(?:мне )?(?:больше )?(?:пишите|пиши|писать"
        r"|присылайте|присылай|присылать|шлите|отправляйте|отправляй|беспокойте"
        r"|беспокоить)(?: (?:мне|больше|меня|сюда|пожалуйста|никогда|ваши|эти|эту|свои"
        r"|рекламу|сообщения|сообщений|рассылку|смс|спам|ничего|акции|предложения"
        r"|рекламные|на|этот|номер)){0,6}\Z",
        r"(?:почему|если|вы|зачем) (?:вы )?(?:мне )?",
    ),
    Phrase(
        "хватит прекратите прекрати перестаньте перестань",
        r"(?:хватит|прекратите|прекрати|перестаньте|перестань) (?:мне |меня |уже"
        r" )?(?:писать|присылать|слать|спамить|отправлять|беспокоить|рассылку|рассылки"
        r"|рекламу|спам)",
        r"не ",
    ),
    Phrase(
        "отписаться отпишите отпишитесь отписать",
        r"(?:отписаться|отпишите меня|отписать меня)",
        r"не (?:хочу |надо |нужно |буду )?|(?:передумал|передумала) ",
    ),
    Phrase(
        "хочу желаю",
        r"не (?:хочу|желаю)(?: (?:больше|получать|видеть|от|вас|ваши|ваших|эти|этих"
        r"|вашу|эту|никаких|никакие|такие)){0,6} (?:сообщени\S+|рассылк\S+|реклам\S+"
        r"|уведомлени\S+|смс|спам|акци\S+|предложени\S+)",
    ),
    Phrase(
        "удалите уберите исключите",
        r"(?:удалите|уберите|исключите) (?:меня|мой номер|мои данные|номер) из (?:вашей"
        r" |этой |всех |вашего |своей )?(?:рассылк\S+|баз\S+|списк\S+)",
        r"не ",
    ),
    Phrase("отстаньте покое", r"(?:отстаньте от меня|оставьте меня в покое)"),
)
_UK = (
    Phrase(
        "пишіть пиши надсилайте надсилай присилайте турбуйте",
        r"(?:більше )?не (?:треба )?(?:мені )?(?:більше )?(?:пишіть|пиши|надсилайте"
        r"|надсилай|присилайте|турбуйте)(?: (?:мені|більше|мене|сюди|повідомлення"
        r"|рекламу|реклами|повідомлень|ваші)){0,5}\Z",
        r"(?:чому|якщо) (?:ви )?",
    ),
    Phrase(
        "відписатися відписатись відпишіть", r"(?:відписатис[яь]|відпишіть мене)", r"не (?:хочу )?"
    ),
    Phrase(
        "хочу бажаю",
        r"не (?:хочу|бажаю)(?: (?:більше|отримувати|від|вас|ваші|ваших|цих|ці)){0,5}"
        r" (?:повідомлен\S+|розсилк\S+|реклам\S+|смс|спам)",
    ),
    Phrase(
        "припиніть перестаньте досить",
        r"(?:припиніть|перестаньте|досить) (?:мені )?(?:писати|надсилати|слати"
        r"|турбувати|спамити)",
        r"не ",
    ),
)
_SLAVIC = (
    Phrase(
        "wysylajcie wysylac wysylaj przysylajcie piszcie pisac pisz",
        r"(?:prosze )?nie (?:wysylajcie|wysylac|wysylaj|przysylajcie|przysylac|piszcie"
        r"|pisac|pisz)(?: (?:mi|do|mnie|wiecej|juz|tych|zadnych|wiadomosci|reklam|ofert"
        r"|sms|sms ow|smsow|prosze|nic)){0,6}\Z",
        r"(?:dlaczego|jesli|czemu) ",
    ),
    Phrase(
        "chce zycze",
        r"nie (?:chce|zycze sobie)(?: (?:juz|wiecej|dostawac|otrzymywac|od|was|tych"
        r"|zadnych|waszych|panstwa)){0,6} (?:wiadomosci|reklam\S*|ofert|sms\S*"
        r"|powiadomien|spamu|newslettera|promocji)",
    ),
    Phrase(
        "wypisac wypisz wypiszcie",
        r"(?:wypisac(?: sie| mnie)?|wypisz(?:cie)? mnie)",
        r"nie (?:chce (?:sie )?)?",
    ),
    Phrase(
        "przestancie przestan przestac",
        r"przesta(?:n|c|ncie) (?:mi |do mnie )?(?:wysylac|przysylac|pisac|spamowac)",
    ),
    Phrase(
        "posilejte posilat piste",
        r"(?:uz )?(?:mi )?(?:prosim )?ne(?:posilejte|posilat|piste)(?: (?:mi|uz|zadne"
        r"|dalsi|prosim|vice)){0,4}",
    ),
    Phrase(
        "neposilejte neposilat nepiste neposielajte",
        r"(?:neposilejte|neposilat|nepiste|neposielajte|neposielat)(?: (?:mi|uz|zadne"
        r"|ziadne|dalsi|dalsie|prosim|vice|zpravy|spravy|nabidky|reklamy"
        r"|reklamu)){0,6}\Z",
    ),
    Phrase(
        "nechci nechcem",
        r"(?:nechci|nechcem)(?: (?:uz|dostavat|dostavat|od|vas|zadne|ziadne|dalsi"
        r"|dalsie|vase)){0,5} (?:zpravy|spravy|reklam\S*|nabidky|ponuky|newsletter)",
    ),
    Phrase(
        "odhlasit odhlaste",
        r"(?:chci (?:se )?odhlasit|chcem sa odhlasit|odhlaste (?:me|ma))",
        r"ne ",
    ),
    Phrase(
        "saljite slati",
        r"(?:nemojte|ne) (?:mi )?(?:vise )?(?:saljite|slati)(?: (?:mi|vise|poruke"
        r"|reklame|ponude|molim)){0,4}\Z",
    ),
    Phrase("poruke", r"ne zelim (?:vise )?(?:primati|dobijati|dobivati) (?:vase )?poruke"),
    Phrase(
        "пращайте изпращайте пишете",
        r"не ми (?:пращайте|изпращайте|пишете)(?: (?:повече|съобщения|реклами|оферти"
        r"|моля)){0,4}\Z",
    ),
    Phrase(
        "искам",
        r"не искам (?:повече )?(?:да )?(?:получавам )?(?:повече )?(?:вашите"
        r" )?(?:съобщения|реклами|оферти)",
    ),
)

_OTHER = (
    Phrase(
        "trimiteti trimite",
        r"nu(?: imi| mi)?(?: mai)? trimite(?:ti)?(?: (?:mi|mai|multe|mesaje|oferte"
        r"|reclame|sms|va|rog|nimic)){0,5}\Z",
        r"(?:daca|de ce) ",
    ),
    Phrase(
        "vreau doresc",
        r"nu (?:mai )?(?:vreau|doresc)(?: (?:sa|mai|primesc|primi|de|la|voi)){0,5}"
        r" (?:mesaje\S*|oferte|reclame|sms\S*|notificari)",
    ),
    Phrase("dezabonez dezaboneze dezabonati", r"(?:vreau sa ma dezabonez|dezabonati ma)", r"nu "),
    Phrase(
        "kuldjenek kuldj kuldjetek kuldjon uzenetet",
        r"ne (?:kuldjenek|kuldj|kuldjetek|kuldjon)(?: (?:tobb|tobbet|nekem|mar|uzenetet"
        r"|reklamot|sms|sms t|semmit)){0,4}\Z",
    ),
    Phrase(
        "kerek szeretnek",
        r"nem (?:kerek|szeretnek)(?: (?:tobb|tobbet|kapni|onoktol|toluk)){0,3}"
        r" (?:uzenet\S*|reklam\S*|ajanlat\S*|hirlevel\S*)",
    ),
    Phrase("leiratkozni leiratkoznek", r"(?:szeretnek leiratkozni|leiratkoznek)", r"nem "),
    Phrase(
        "στελνετε στειλετε στελνεις ενοχλειτε",
        r"μη(?:ν)? (?:μου |με )?(?:ξανα)?(?:στελνετε|στειλετε|στελνεις|ενοχλειτε)(?:"
        r" (?:αλλα|πια|μηνυματα|διαφημισεις|προσφορες|παρακαλω|τιποτα)){0,4}\Z",
    ),
    Phrase(
        "θελω επιθυμω",
        r"δεν (?:θελω|επιθυμω)(?: (?:αλλα|πλεον|πια|να|λαμβανω|παιρνω|τα|τις|σας)){0,6}"
        r" (?:μηνυματα|διαφημισεις|προσφορες|ενημερωσεις)",
    ),
    Phrase(
        "σταματηστε σταματα",
        r"(?:σταματηστε|σταματα) να (?:μου |με )?(?:στελνετε|στελνεις|ενοχλειτε|γραφετε)",
        r"μη(?:ν)? ",
    ),
    Phrase(
        "gondermeyin gonderme atmayin atma yazmayin yollamayin",
        r"(?:mesaj|mesaji|sms|reklam|bildirim|bir sey|kampanya)(?: (?:artik|bana|lutfen"
        r"|daha|fazla)){0,3} (?:gondermeyin|gonderme|atmayin|atma|yollamayin)|bana"
        r" (?:bir daha |artik )?(?:yazmayin|mesaj atmayin)",
    ),
    Phrase(
        "istemiyorum",
        r"(?:mesaj\S*|reklam\S*|sms\S*|bildirim\S*|kampanya\S*)(?: (?:almak|gelmesini"
        r"|artik|daha|fazla)){0,3} istemiyorum",
    ),
    Phrase(
        "cikmak cikar cikarin ayrilmak",
        r"(?:abonelikten|listeden|listenizden|uyelikten) (?:\S+ )?(?:cikmak|cikar"
        r"|cikarin|ayrilmak)(?: istiyorum)?",
    ),
    Phrase(
        "kirim mengirim kirimi kirimkan hantar wa ganggu",
        r"(?:jangan|tolong jangan|jgn|berhenti|stop|usah)(?: (?:lagi|pernah))?(?:"
        r" (?:kirim|kirimi|kirimkan|mengirim|mengirimi|hantar|menghantar|wa|ganggu))(?:"
        r" (?:saya|aku|pesan|lagi|promo\S*|iklan|mesej|ke|kepada|nomor|ini|apa|apapun"
        r"|sms|spam|penawaran|sy|gue)){0,7}\Z",
        r"(?:kalau|jika|kenapa) ",
    ),
    Phrase(
        "pesan promo promosi iklan mesej sms notifikasi spam penawaran",
        r"(?:tidak|tak|ga|gak|nggak|ngga|tdk) (?:mau|ingin|nak|mahu)(?: (?:lagi"
        r"|menerima|terima|dapat|dikirim|dikirimi|semua)){0,3} (?:pesan|promo\S*|iklan"
        r"|mesej|sms|notifikasi|spam|penawaran)",
    ),
    Phrase(
        "berlangganan langganan",
        r"(?:saya )?(?:mau|ingin|tolong) berhenti (?:ber)?langganan",
        r"(?:tidak|jangan|ga|gak) ",
    ),
    Phrase(
        "gui nhan phien",
        r"(?:dung|ngung|thoi) (?:dung )?(?:gui|nhan|lam phien)(?: (?:tin|nhan|cho|toi"
        r"|nua|tin nhan|quang|cao|minh|em|den|so|nay)){0,7}\Z",
        r"(?:dung|khong|neu) ",
    ),
    Phrase(
        "muon nhan",
        r"khong muon (?:nhan)(?: (?:them|cac|bat|ky|nhung|duoc)){0,3} (?:tin|quang cao"
        r"|khuyen mai|thong bao)",
    ),
    Phrase("huy", r"(?:muon|xin|hay|cach) huy dang ky(?: nhan tin)?\Z", r"khong "),
    Phrase(
        "kutuma kunitumia nitumie",
        r"(?:acha|acheni|wacha|usi)(?: \S+)? ?(?:kutuma|kunitumia)(?: (?:ujumbe|meseji"
        r"|sms|matangazo|tena)){0,3}|usinitumie",
    ),
    Phrase(
        "usinitumie msinitumie sitaki",
        r"(?:usinitumie|msinitumie)(?: (?:ujumbe|meseji|sms|tena|matangazo"
        r"|wowote)){0,3}|sitaki (?:ujumbe|meseji|sms|matangazo)",
    ),
    Phrase(
        "magpadala magsend magtext",
        r"(?:huwag|wag)(?: (?:na|nyo|niyo|po|ninyo|kayong|kayo|mo|akong)){0,5}"
        r" (?:magpadala|magsend|magtext|mag send|mag text|itext|padalhan)",
    ),
    Phrase(
        "mat band",
        r"(?:message|messages|msg|msgs|sms|ads|offer|offers)(?: (?:mujhe|karna|ab"
        r"|dobara|aur|please)){0,3} (?:mat (?:bhejo|bhejna|bhejiye|karo|karna|kijiye)"
        r"|(?:bhejna |karna )?band (?:karo|karen|kar do|kardo|kijiye))",
    ),
    Phrase(
        "enviis envieu enviïs missatges",
        r"no (?:m|em )?(?:envieu|enviis)(?: (?:mes|missatges|publicitat|res)){0,3}\Z|no"
        r" vull (?:rebre )?(?:mes )?(?:missatges|publicitat|ofertes)",
    ),
)


_SEMITIC = (
    Phrase(
        "ترسلوا ترسل ترسلون ترسلي تراسلني تراسلوني تبعثوا",
        r"لا (?:تبعثوا|ترسلوا|ترسل|ترسلون|ترسلي|تراسلني|تراسلوني)(?: (?:لي|لى|إلي"
        r"|المزيد|من|الرسائل|رسائل|بعد|الآن|مرة|أخرى|أي|إعلانات|عروض|رجاء|مجددا|من"
        r" فضلك)){0,6}\Z",
        r"(?:لماذا|إذا) ",
    ),
    Phrase(
        "أريد أرغب",
        r"لا (?:أريد|أرغب)(?: (?:في|المزيد|من|استلام|تلقي|استقبال|أي|هذه|بعد|الآن|أن"
        r"|أستلم|منكم)){0,5} (?:الرسائل|رسائل|رسائلكم|رسالة|إعلانات|الإعلانات|عروض"
        r"|العروض|إعلاناتكم|عروضكم)",
    ),
    Phrase(
        "أوقفوا أوقف وقفوا توقفوا توقف إيقاف وقف",
        r"(?:أوقفوا|أوقف|وقفوا|توقفوا عن|توقف عن|إيقاف|وقف) (?:(?:إرسال|هذه|كل|جميع)"
        r" ){0,2}(?:الرسائل|رسائل|رسائلكم|الإعلانات|العروض|إرسال|مراسلتي|إزعاجي)",
        r"(?:لا|عدم) ",
    ),
    Phrase(
        "إلغاء",
        r"(?:أريد|أرغب في|أرجو|الرجاء|يرجى|كيف يمكنني|أود) إلغاء (?:الاشتراك|اشتراكي)",
        r"لا ",
    ),
    Phrase(
        "عايز عاوز عايزة أبغى ابي بدي",
        r"(?:مش|مو|ما) (?:عايز|عاوز|عايزة|أبغى|ابي|بدي) (?:\S+ ){0,2}(?:رسائل|الرسائل"
        r"|إعلانات|رسايل)",
    ),
    Phrase(
        "ندهید نده نفرستید نفرست نکنید",
        r"(?:پیام|پیامک|تبلیغ|تبلیغات|اس ام اس)(?: (?:به|من|دیگر|برای|برام"
        r"|تبلیغاتی)){0,3} (?:ندهید|نده|نفرستید|نفرست|ارسال نکنید)",
        r"(?:چرا|اگر) ",
    ),
    Phrase(
        "نمیخواهم نمیخوام خواهم خوام", r"(?:پیام|پیامک|تبلیغ)\S*(?: \S+){0,3} نمی ?(?:خواهم|خوام)"
    ),
    Phrase(
        "مت نہ بند",
        r"(?:پیغام|پیغامات|میسج|میسجز|اشتہار|اشتہارات)(?: (?:بھیجنا|کرنا|مجھے|اب"
        r"|مزید)){0,3} (?:مت بھیج\S+|نہ بھیج\S+|مت کر\S+|نہ کر\S+|بند کر\S*)",
    ),
    Phrase(
        "תשלחו תשלח לשלוח תכתבו תטרידו",
        r"(?:אל|לא) (?:תשלחו|תשלח|לשלוח|תכתבו|תטרידו)(?: (?:לי|אליי|אלי|אותי|יותר|עוד"
        r"|הודעות|פרסומות|פרסומים|מבצעים|בבקשה|כלום)){0,5}\Z",
        r"(?:למה|אם) ",
    ),
    Phrase(
        "רוצה מעוניין מעוניינת מעונינת",
        r"לא (?:רוצה|מעוניין|מעוניינת|מעונינת)(?: (?:יותר|לקבל|מכם|את|עוד|שתשלחו"
        r"|לי)){0,4} ה?(?:הודעות|פרסומות|פרסומים|מבצעים|דיוור)",
    ),
    Phrase(
        "תפסיקו תפסיק הפסיקו להפסיק די",
        r"(?:תפסיקו|תפסיק|הפסיקו|להפסיק|די) (?:כבר )?(?:לשלוח|להטריד|להציק|עם ההודעות"
        r"|לכתוב|את ההודעות)",
        r"(?:אל|לא) ",
    ),
    Phrase(
        "אותי",
        r"(?:תסירו|הסירו|תורידו|תמחקו|להסיר|הסר|תסיר|תוריד) אותי (?:מ\S+|בבקשה)",
        r"(?:אל|לא) ",
    ),
)
_INDIC = (
    Phrase(
        "मत न ना बंद बन्द चाहिए नका",
        r"(?:मैसेज|संदेश|सन्देश|मेसेज|विज्ञापन|ऑफर)(?: (?:भेजना|करना|मुझे|अब|और|कृपया"
        r"|आना)){0,3} (?:मत (?:भेजो|भेजें|भेजिए|भेजना|करो|करें|कीजिए)|ना? भेजें|बंद"
        r" (?:करो|करें|कर|कीजिए|करिए)(?: (?:दो|दें|दीजिए))?|नहीं चाहिए|पाठवू नका)",
    ),
    Phrase(
        "না বন্ধ",
        r"(?:মেসেজ|বার্তা|এসএমএস|বিজ্ঞাপন|অফার)(?: (?:আর|আমাকে|পাঠানো|দেওয়া)){0,3}"
        r" (?:পাঠাবেন না|দিবেন না|দেবেন না|পাঠিও না|চাই না|বন্ধ (?:করুন|করো|করেন))",
    ),
    Phrase(
        "வேண்டாம் அனுப்பாதீர்கள் அனுப்பாதே நிறுத்துங்கள் நிறுத்தவும்",
        r"(?:செய்திகளை|செய்திகள்|செய்தி|மெசேஜ்)(?: \S+){0,2} (?:அனுப்ப வேண்டாம்"
        r"|வேண்டாம்|அனுப்பாதீர்கள்|அனுப்பாதே|நிறுத்துங்கள்|நிறுத்தவும்)",
    ),
    Phrase(
        "పంపవద్దు పంపకండి పంపొద్దు ఆపండి వద్దు",
        r"(?:సందేశాలు|మెసేజ్|మెసేజ్లు|మెసేజీలు|మెసేజ్ లు)(?: \S+){0,2} (?:పంపవద్దు"
        r"|పంపకండి|పంపొద్దు|ఆపండి|వద్దు)",
    ),
)

WORLD: Final[tuple[Phrase, ...]] = (*_RU, *_UK, *_SLAVIC, *_OTHER, *_SEMITIC, *_INDIC)
WORLD_PHRASES: Final[dict[str, tuple[Phrase, ...]]] = {"ru": _RU, "uk": _UK}

# Scripts without spaces, and Korean, where people space as they like: read with all spaces gone.
_ZH_NOUNS = (
    r"(?:消息|信息|短信|訊息|簡訊|简讯|广告|廣告|促销|促銷|推广"
    r"|推廣|推销|推銷|通知|优惠|優惠|垃圾|微信|短訊)"
)
_JA_NOUNS = r"(?:配信|メッセージ|メール|通知|広告|宣伝|送信|ライン|お知らせ|メルマガ)"
_KO_NOUNS = r"(?:메시지|메세지|문자|카톡|광고|알림|홍보)"
_TH_NOUNS = r"(?:ข้อความ|ข่าว|โฆษณา|โปร|ไลน์|sms|แชท)"
UNSPACED: Final[tuple[Phrase, ...]] = (
    Phrase(
        "退订 退訂 取消订阅 取消訂閱",
        r"(?:退订|退訂|取消订阅|取消訂閱)",
        r"(?:不要|别|別|不想|没有|沒有|不|误|誤|未|没|沒)(?:给我|我|要|点|點|点了)?",
    ),
    Phrase(
        "发 發 传 傳 推",
        r"(?:不要|别|別|请勿|請勿|勿|不用)(?:再)?(?:给我|給我|向我|跟我)?(?:发|發|传|傳|推)(?:送)?(?:给我|給我)?(?:过来"
        r"|任何|这些|這些|这种|那么多|你们的|了){0,2}(?:" + _ZH_NOUNS + r"|了?\Z|了?啦)",
        r"(?:如果|为什么|為什麼)",
    ),
    Phrase(
        "扰 擾 烦 煩",
        r"(?:不要|别|別|请勿|請勿|勿)(?:再)?(?:来)?(?:打扰|打擾|骚扰|騷擾|烦|煩)(?:我|了|\Z)",
    ),
    Phrase(
        "停",
        r"(?:停止|停)(?:给我|給我|向我)?(?:发送|發送|发|發|推送|传送|傳送|接收)(?:给我|給我|任何|这些|這些){0,2}(?:"
        + _ZH_NOUNS
        + r"|\Z)",
        r"(?:不要|别|別|不|没有|沒有)",
    ),
    Phrase(
        "收到 接收 接到",
        r"不(?:想|愿|願|要|希望|需要|想要)(?:再)?(?:收到|接收|接到)(?:你们|你們|您|你|贵公司|任何|这些|這些|这种|更多|的){0,3}"
        + _ZH_NOUNS,
    ),
    Phrase(
        "名单 名單 列表",
        r"(?:把我|将我|將我)从?從?\S{0,8}(?:名单|名單|列表)\S{0,3}(?:删除|移除|刪除|删掉)",
        r"(?:不要|别|別)",
    ),
    Phrase(
        "停止 止めて やめて ストップ 不要 いりません いらない 要りません 解除",
        _JA_NOUNS + r"(?:を|の|は)?(?:もう|全て|すべて){0,2}(?:配信|送信)?(?:を|は)?"
        r"(?:停止|止めて|やめて|ストップ|不要|いりません"
        r"|いらない|要りません|解除)(?!しない|されない|され|した(?!い)|中)",
    ),
    Phrase(
        "送らないで 送ってこないで 送信しないで 連絡しないで 配信しないで",
        r"(?:(?:\A|もう|二度と|これ以上|今後|"
        + _JA_NOUNS
        + r")(?:を|は)?(?:送らないで|送ってこないで|送信しないで|配信しないで)|連絡しないで)",
    ),
    Phrase(
        "解除 停止", r"(?:登録|購読|配信)(?:を)?(?:解除|停止)(?:して|したい|お願い|希望|をお願い)"
    ),
    Phrase("送るの", r"送るの(?:を|は)?(?:やめて|止めて)"),
    Phrase("거부", r"수신(?:을)?거부(?!하지|해제|취소)"),
    Phrase(
        "보내지마 보내지말 그만 중단 중지 받고싶지 받기싫",
        _KO_NOUNS + r"(?:를|을|좀|는|은|도)?(?:더이상|더는|이제|다시는|제발|좀){0,2}"
        r"(?:보내지마|보내지말|그만|중단(?!하지)|중지(?!하지)"
        r"|받고싶지않|받기싫)",
    ),
    Phrase(
        "보내지 연락하지 하지마 하지말",
        r"(?:(?:더이상|더는|이제|다시는)(?:저한테|저에게|나한테|연락|문자|메시지){0,2}(?:을|를)?(?:보내지|하지)(?:마|말)"
        r"|연락하지(?:마|말))",
    ),
    Phrase("그만보내", r"(?:" + _KO_NOUNS + r"(?:를|을|좀|는|은|도)?)?그만보내(?!지)"),
    Phrase("구독", r"구독(?:을)?(?:취소|해지)(?:할|해|하고|부탁)", r"안"),
    Phrase(
        "หยุด เลิก",
        r"(?:หยุด|เลิก|ยกเลิก)(?:การ)?(?:ส่ง|รับ)(?:" + _TH_NOUNS + r"|มา)",
        r"(?:อย่า|ไม่ต้อง|ห้าม|ไม่อยาก|ไม่)",
    ),
    Phrase("ส่ง", r"(?:อย่า|ไม่ต้อง|ห้าม)ส่ง(?:" + _TH_NOUNS + r"|มาอีก|อะไรมา)"),
    Phrase("รับ", r"ไม่(?:อยาก|ต้องการ|ขอ|ประสงค์)(?:จะ)?(?:ได้)?รับ" + _TH_NOUNS),
)
