"""Sentences that ask for messages to stop, in Romance languages: see `stop_phrases.py`."""

from __future__ import annotations

from typing import Final

from askfirst.domain.opt_out.stop_phrases import Phrase

_ES_THINGS = (
    "mensaje mensajes mensajitos promo promos promocion promociones ofertas publicidad anuncios"
    " correos notificaciones avisos whatsapp whatsapps spam informacion info nada propaganda cosas"
    " sms textos marketing"
)
_ES_NOUNS = (
    r"(?:mensajes?|mensajitos|promo\S*|ofertas|publicidad|anuncios|correos"
    r"|notificaciones|avisos"
    r"|whatsapps?|spam|informacion|info|nada|propaganda|cosas|sms|textos|marketing)"
)
_ES_LOOSE = (
    r"(?: (?:mas|sus|tus|ese|esos|esas|estos|estas|este|tipo|tantos|tantas|de|por"
    r"|favor|nunca|ya|a"
    r"|mi|numero|los|las|la|porfa|gracias|este|telefono)){0,6}"
)
_ES = (
    Phrase(
        _ES_THINGS,
        r"(?:cancelar|cancelen|cancele) (?:la |mi )?(?:suscripcion )?(?:a |de )?"
        r"(?:(?:estos|sus|los|las|todos) )?" + _ES_NOUNS,
        r"(?:no|sin) (?:quiero )?",
    ),
    Phrase(
        _ES_THINGS,
        r"no (?:quiero|deseo|quisiera|me interesa)(?: (?:mas|que|me|seguir|recibir"
        r"|recibiendo"
        r"|reciba|envien|envies|manden|mandes|escriban|lleguen|tener|ver|sus|tus|estos"
        r"|estas|esos"
        r"|esas|los|las|ningun|ninguna|de|este|tipo|recibo)){0,7} " + _ES_NOUNS,
    ),
    Phrase(
        "recibir escriban contacten molesten envien manden escribas",
        r"(?:ya )?no (?:quiero|deseo) (?:recibir(?: nada)?(?: mas)?|que me (?:escriban"
        r"|contacten"
        r"|molesten|envien nada|manden nada|escribas))(?: mas)?\Z",
    ),
    Phrase(
        "envien envies envie manden mandes mande escriban escribas escriba molesten"
        " molestes moleste"
        " contacten contactes contacte enviarme mandarme escribirme",
        r"no (?:me|nos) (?:envie[ns]?|mande[ns]?|escriba[ns]?|moleste[ns]?"
        r"|contacte[ns]?)" + _ES_LOOSE + r"(?:\Z| " + _ES_NOUNS + r")",
        r"(?:si|por que|porque|cuando) ",
    ),
    Phrase(
        "enviarme mandarme escribirme molestarme molestar contactarme enviar mandar"
        " escribir enviando",
        r"(?:deje[ns]?|deja|dejad|pare[ns]?|para|basta) de (?:enviar|mandar|escribir"
        r"|molestar"
        r"|contactar)(?:me|nos)?" + _ES_LOOSE + r"(?:\Z| " + _ES_NOUNS + r")",
        r"(?:no|nunca|si|nao) ",
    ),
    Phrase(
        "baja",
        r"(?:darme|dame|denme|deme|darse|dar|den|me doy|me den|me des|me de|me da|me"
        r" dan)"
        r"(?: mi numero)? de baja(?:\Z| (?:por|porfa|ya|gracias|ahora)"
        r"| (?:de|a|en) (?:\S+ ){0,3}(?:listas?|boletin|suscripcion|" + _ES_NOUNS + r"))",
        r"(?:no|nunca|si)(?: (?:quiero|deseo|quiere|quiera)){0,2} ",
    ),
    Phrase(
        "lista listas base",
        r"(?:saque[n]?me|sacame|saquenme|quite[n]?me|quitame|borre[n]?me|borrame"
        r"|elimine[n]?me"
        r"|eliminame|sacarme|borrarme|quitarme|eliminarme) de (?:la|su|tu|sus|esta|esa"
        r"|vuestra)"
        r" (?:listas?|base)",
        r"(?:no|nunca) ",
    ),
    Phrase(_ES_THINGS, r"no mas (?:de )?(?:sus |tus |estos )?" + _ES_NOUNS, r"(?:hay|hay que) "),
    Phrase(
        "desuscribirme desuscribir",
        r"(?:quiero|quisiera|deseo|como|puedo) desuscribir(?:me)?",
        r"no ",
    ),
    Phrase("paz", r"(?:dejen|deje|deja|dejad)(?:me|nos) en paz", r"no "),
)

_PT_NOUNS = (
    r"(?:mensage(?:m|ns)|promo\S*|ofertas|propagandas?|publicidade|anuncios"
    r"|notificacoes|avisos"
    r"|whatsapps?|spam|informacoes|nada|sms|isso|coisas|marketing|msgs?)"
)
_PT_LOOSE = (
    r"(?: (?:mais|suas|seus|essas|esses|estas|estes|tantas|tantos|de|por|favor|as"
    r"|os|a|pra|para|me|mim|nenhuma|tipo)){0,6}"
)
_PT = (
    Phrase(
        "mensagem mensagens promo promos promocao promocoes ofertas propaganda"
        " propagandas publicidade anuncios"
        " notificacoes avisos whatsapp spam informacoes nada sms coisas isso marketing msg msgs",
        r"nao (?:quero|desejo|gostaria de)(?: (?:mais|receber|que|me|mandem|enviem|suas"
        r"|seus|essas"
        r"|esses|estas|as|os|de|nenhuma|nenhum|ver|continuar|recebendo)){0,7} " + _PT_NOUNS,
    ),
    Phrase("receber", r"nao (?:quero|desejo) (?:mais )?receber(?: mais)?(?: nada)?\Z"),
    Phrase(
        "mande mandem manda envie enviem envia escrevam perturbe perturbem mandar",
        r"nao (?:me |nos )?(?:mande[m]?|manda|envie[m]?|envia|escrevam|perturbe[m]?)(?:"
        r" mais)?" + _PT_LOOSE + r"(?:\Z| " + _PT_NOUNS + r")",
        r"(?:se|por que|porque|quando|voce|voces) ",
    ),
    Phrase(
        "mandar enviar escrever incomodar perturbar encher mandando",
        r"(?:pare[m]?|para|parar|chega|deixe[m]?|deixa) (?:de|com) (?:me )?(?:mandar"
        r"|enviar|escrever"
        r"|incomodar|perturbar)(?: me)?" + _PT_LOOSE + r"(?:\Z| " + _PT_NOUNS + r")",
        r"(?:nao|nunca|se) ",
    ),
    Phrase(
        "descadastrar descadastre descadastrem",
        r"(?:me )?descadastr(?:ar|e|em)(?: me)?",
        r"(?:nao|nunca)(?: (?:quero|desejo|me)){0,2} ",
    ),
    Phrase(
        "lista listas",
        r"(?:me )?(?:tire[m]?|tira|retire[m]?|remova[m]?|remove|exclua[m]?|sair|tirar"
        r"|remover)"
        r"(?: me| meu numero| o meu numero)? (?:da|dessa|desta|das|de) (?:sua )?(?:suas"
        r" )?listas?",
        r"(?:nao|nunca)(?: (?:quero|me)){0,2} ",
    ),
    Phrase("paz", r"me deixe?m? em paz", r"nao "),
    Phrase(
        "mensagens propaganda propagandas promocoes",
        r"chega de (?:mensagens|propagandas?|promocoes)",
    ),
)

_FR_NOUNS = (
    r"(?:messages?|msgs?|sms|textos?|promo\S*|offres|pubs?|publicites?"
    r"|notifications|newsletters?"
    r"|spams?|whatsapps?|mails?|infos?|rien|sollicitations)"
)
_FR_LOOSE = (
    r"(?: (?:plus|de|des|vos|ces|ce|genre|les|la|jamais|aucun|aucune|du|tout|tous"
    r"|svp|sil|vous|plait|merci|tes|autres)){0,6}"
)
_FR = (
    Phrase(
        "menvoyez menvoyer menvoie envoyez envoyer envoie mecrivez mecrire contactez"
        " contacter"
        " derangez deranger",
        r"(?:ne |n)?(?:plus )?(?:menvoye[zr]|menvoie|me envoyez|menvoyez|nenvoyez|me"
        r" contacte[zr]|mecrive[z]"
        r"|mecrivez|me derange[zr]|envoye[zr])(?: moi)? (?:plus|pas)"
        + _FR_LOOSE
        + r"(?:\Z| "
        + _FR_NOUNS
        + r")",
        r"(?:si|pourquoi|vous|quand|nous)(?: ne)? ",
    ),
    Phrase(
        "menvoyer envoyer contacter mecrire deranger nenvoyez",
        r"(?:ne )?(?:plus|pas) (?:menvoyer|mecrire|me contacter|me deranger|envoyer)"
        + _FR_LOOSE
        + r"(?:\Z| "
        + _FR_NOUNS
        + r")",
        r"(?:si|pourquoi) ",
    ),
    Phrase(
        "message messages msg msgs sms texto textos promo promos promotion promotions promotionnels"
        " offres pub pubs publicite publicites notifications newsletter newsletters spam"
        " whatsapp mail mails"
        " info infos rien sollicitations contacte contactee derange derangee",
        r"(?:(?:ne |n)?(?:veux|souhaite|desire)|voudrais ne) (?:plus|pas)(?:"
        r" (?:recevoir|de|vos|ces|ce|genre"
        r"|des|etre|avoir|que|vous|menvoyiez|voir|vos|aucun|aucune|tous|les)){0,7} (?:"
        + _FR_NOUNS
        + r"|contactee?|derangee?)",
        r"(?:si|vous) ",
    ),
    Phrase(
        "recevoir",
        r"(?:ne )?(?:veux|souhaite|desire) plus (?:rien )?recevoir\Z|ne plus recevoir"
        r" (?:de |vos |ces |des |aucun )?" + _FR_NOUNS,
    ),
    Phrase(
        "arrete arretez arreter cesser cessez",
        r"(?:arrete[zr]?|cesse[zr]?) (?:de |d)(?:menvoyer|envoyer|mecrire|me contacter"
        r"|me deranger"
        r"|me harceler|me spammer|me solliciter)" + _FR_LOOSE + r"(?:\Z| " + _FR_NOUNS + r")",
        r"(?:ne|pas|jamais|n|si vous)(?: (?:pas|veux|me|vous)){0,2} ",
    ),
    Phrase(
        "denvoyer",
        r"(?:arrete[zr]?|cesse[zr]?) denvoyer" + _FR_LOOSE + r" " + _FR_NOUNS,
        r"(?:ne|pas|n) ",
    ),
    Phrase(
        "arrete arretez arreter",
        r"arrete[zr]? (?:avec |les |vos |ces |tous |toutes |la |de ){1,3}" + _FR_NOUNS,
        r"(?:ne|pas|n) ",
    ),
    Phrase(
        "desabonner desabonnez desinscrire desinscrivez desabonne",
        r"(?:me |se )?(?:desabonner|desabonnez|desabonne|desinscrire|desinscrivez)(?:"
        r" moi)?",
        r"(?:ne|pas|n|jamais)(?: (?:pas|veux|me|plus|souhaite|vous)){0,3} ",
    ),
    Phrase(
        "liste listes",
        r"(?:retire[zr]|enleve[zr]|supprime[zr]|otez)(?: moi| mon numero) (?:de|sur)"
        r" (?:votre|vos|la|cette|ces) listes?",
        r"(?:ne|pas) ",
    ),
    Phrase(
        "tranquille paix",
        r"(?:laisse[zr]?|fichez|foutez) (?:moi|nous) (?:tranquille|la paix|en paix)",
    ),
    Phrase(
        "messages message sms pub pubs publicite publicites promo promos promotions"
        " offres newsletters notifications spam spams",
        r"\Aplus (?:de|aucun|jamais de) " + _FR_NOUNS,
    ),
)

_IT_NOUNS = (
    r"(?:messagg\S+|promo\S*|offerte|pubblicita|notifiche|newsletter|sms|spam"
    r"|whatsapp|comunicazioni|nulla|niente)"
)
_IT_LOOSE = (
    r"(?: (?:piu|i|le|la|vostri|vostre|questi|queste|altri|altre|di|da|per|favore"
    r"|grazie|tipo|voi|nessun|tutti|tutte)){0,5}"
)
_IT = (
    Phrase(
        "messaggi messaggio promo promozioni promozionali offerte pubblicita notifiche"
        " newsletter sms"
        " spam whatsapp comunicazioni nulla niente contattato contattata disturbato disturbata",
        r"non (?:voglio|desidero|vorrei)(?: (?:piu|ricevere|ricevo|che|mi|mandiate|i|le"
        r"|vostri|vostre|questi|altri|altre|di|avere|essere)){0,6} (?:"
        + _IT_NOUNS
        + r"|contattat[oa]|disturbat[oa])",
    ),
    Phrase(
        "mandatemi inviatemi scrivetemi mandarmi inviarmi scrivermi contattatemi"
        " contattarmi disturbatemi mandate inviate scrivete",
        r"non (?:mi )?(?:mandate(?:mi)?|mandarmi|inviate(?:mi)?|inviarmi"
        r"|scrivete(?:mi)?|scrivermi"
        r"|contattate(?:mi)?|contattarmi|disturbatemi)" + _IT_LOOSE + r"(?:\Z| " + _IT_NOUNS + r")",
        r"(?:perche|se) ",
    ),
    Phrase(
        "smettetela smetti smettete smettila basta",
        r"(?:smettetela|smettila|smettete|smetti|basta)(?: di)? (?:mandarmi|inviarmi"
        r"|scrivermi|mandare|inviare|disturbarmi|contattarmi|con)"
        + _IT_LOOSE
        + r"(?:\Z| "
        + _IT_NOUNS
        + r")",
        r"non ",
    ),
    Phrase(
        "lista liste",
        r"(?:toglietemi|cancellatemi|rimuovetemi|eliminatemi|togliermi|cancellarmi"
        r"|rimuovermi) (?:dalla|dalle|da) (?:vostra |vostre |questa |tua |sua )?list[ae]",
        r"non ",
    ),
    Phrase(
        "disiscrivermi cancellarmi disiscrivere",
        r"(?:voglio|vorrei|come faccio a|posso|devo) (?:disiscrivermi|cancellarmi)",
        r"non ",
    ),
    Phrase("pace", r"lasci?a(?:te)?mi in pace"),
)

ROMANCE: Final[tuple[Phrase, ...]] = (*_ES, *_PT, *_FR, *_IT)

ROMANCE_PHRASES: Final[dict[str, tuple[Phrase, ...]]] = {
    "es": _ES,
    "pt": _PT,
    "fr": _FR,
    "it": _IT,
}
