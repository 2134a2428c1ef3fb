"""Countries, by the two letters that name them.

A code that names nothing matches nothing, so a rule under it would never speak. Codes are
therefore checked against the list, not only by their shape.
Source: ISO 3166-1 alpha-2; and AC, TA and XK, which have country calling codes of their own.
"""

from __future__ import annotations

from typing import Final

from askfirst.domain.values.errors import InvalidInput

_ALL = """
    AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ
    BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO
    DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU
    GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW
    KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU
    MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD
    TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE
    YT ZA ZM ZW
"""

COUNTRY_CODES: Final = frozenset(_ALL.split())


def parse_country_code(text: str, field: str) -> str:
    """Read a country as people write its code: in small letters too, and UK for GB."""
    code = {"UK": "GB"}.get(text.upper(), text.upper())
    return check_country_code(code, field)


def check_country_code(code: str, field: str) -> str:
    """Return the code back; one that names no country raises InvalidInput naming `field`."""
    if code not in COUNTRY_CODES:
        raise InvalidInput(
            field, "must be a code of ISO 3166 in capital letters, such as DE, GB or US"
        )
    return code
