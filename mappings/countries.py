"""Countries: their codes, English names and time zones.

From the tz database (``iso3166.tab`` and ``zone.tab``, public domain). A country has a zone here
only where the clocks agree everywhere in it; elsewhere nobody can tell what time it is.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

#: Names that people and CRMs use beside those of the tz database.
_ALSO = {
    "america": "US",
    "bosnia and herzegovina": "BA",
    "bolivia, plurinational state of": "BO",
    "brunei darussalam": "BN",
    "burma": "MM",
    "cabo verde": "CV",
    "congo, the democratic republic of the": "CD",
    "cote d'ivoire": "CI",
    "curacao": "CW",
    "czechia": "CZ",
    "democratic republic of the congo": "CD",
    "deutschland": "DE",
    "england": "GB",
    "great britain": "GB",
    "holland": "NL",
    "iran, islamic republic of": "IR",
    "ivory coast": "CI",
    "korea, democratic people's republic of": "KP",
    "korea, republic of": "KR",
    "lao people's democratic republic": "LA",
    "moldova, republic of": "MD",
    "macao": "MO",
    "macedonia": "MK",
    "myanmar": "MM",
    "north korea": "KP",
    "northern ireland": "GB",
    "palestine, state of": "PS",
    "republic of ireland": "IE",
    "republic of korea": "KR",
    "reunion": "RE",
    "russian federation": "RU",
    "scotland": "GB",
    "south korea": "KR",
    "swaziland": "SZ",
    "syrian arab republic": "SY",
    "taiwan, province of china": "TW",
    "tanzania, united republic of": "TZ",
    "the bahamas": "BS",
    "the gambia": "GM",
    "the netherlands": "NL",
    "timor-leste": "TL",
    "turkiye": "TR",
    "türkiye": "TR",
    "u.k.": "GB",
    "u.s.": "US",
    "u.s.a.": "US",
    "uk": "GB",
    "united kingdom": "GB",
    "united states of america": "US",
    "usa": "US",
    "vatican": "VA",
    "venezuela, bolivarian republic of": "VE",
    "viet nam": "VN",
    "wales": "GB",
}

#: Code, zone or ``-``, name.
_TABLE = """\
AD Europe/Andorra Andorra
AE Asia/Dubai United Arab Emirates
AF Asia/Kabul Afghanistan
AG America/Antigua Antigua & Barbuda
AI America/Anguilla Anguilla
AL Europe/Tirane Albania
AM Asia/Yerevan Armenia
AO Africa/Luanda Angola
AQ - Antarctica
AR America/Argentina/Buenos_Aires Argentina
AS Pacific/Pago_Pago Samoa (American)
AT Europe/Vienna Austria
AU - Australia
AW America/Aruba Aruba
AX Europe/Mariehamn Åland Islands
AZ Asia/Baku Azerbaijan
BA Europe/Sarajevo Bosnia & Herzegovina
BB America/Barbados Barbados
BD Asia/Dhaka Bangladesh
BE Europe/Brussels Belgium
BF Africa/Ouagadougou Burkina Faso
BG Europe/Sofia Bulgaria
BH Asia/Bahrain Bahrain
BI Africa/Bujumbura Burundi
BJ Africa/Porto-Novo Benin
BL America/St_Barthelemy St Barthelemy
BM Atlantic/Bermuda Bermuda
BN Asia/Brunei Brunei
BO America/La_Paz Bolivia
BQ America/Kralendijk Caribbean NL
BR - Brazil
BS America/Nassau Bahamas
BT Asia/Thimphu Bhutan
BV - Bouvet Island
BW Africa/Gaborone Botswana
BY Europe/Minsk Belarus
BZ America/Belize Belize
CA - Canada
CC Indian/Cocos Cocos (Keeling) Islands
CD - Congo (Dem. Rep.)
CF Africa/Bangui Central African Rep.
CG Africa/Brazzaville Congo (Rep.)
CH Europe/Zurich Switzerland
CI Africa/Abidjan Côte d'Ivoire
CK Pacific/Rarotonga Cook Islands
CL - Chile
CM Africa/Douala Cameroon
CN - China
CO America/Bogota Colombia
CR America/Costa_Rica Costa Rica
CU America/Havana Cuba
CV Atlantic/Cape_Verde Cape Verde
CW America/Curacao Curaçao
CX Indian/Christmas Christmas Island
CY Asia/Nicosia Cyprus
CZ Europe/Prague Czech Republic
DE Europe/Berlin Germany
DJ Africa/Djibouti Djibouti
DK Europe/Copenhagen Denmark
DM America/Dominica Dominica
DO America/Santo_Domingo Dominican Republic
DZ Africa/Algiers Algeria
EC - Ecuador
EE Europe/Tallinn Estonia
EG Africa/Cairo Egypt
EH Africa/El_Aaiun Western Sahara
ER Africa/Asmara Eritrea
ES - Spain
ET Africa/Addis_Ababa Ethiopia
FI Europe/Helsinki Finland
FJ Pacific/Fiji Fiji
FK Atlantic/Stanley Falkland Islands
FM - Micronesia
FO Atlantic/Faroe Faroe Islands
FR Europe/Paris France
GA Africa/Libreville Gabon
GB Europe/London Britain (UK)
GD America/Grenada Grenada
GE Asia/Tbilisi Georgia
GF America/Cayenne French Guiana
GG Europe/Guernsey Guernsey
GH Africa/Accra Ghana
GI Europe/Gibraltar Gibraltar
GL - Greenland
GM Africa/Banjul Gambia
GN Africa/Conakry Guinea
GP America/Guadeloupe Guadeloupe
GQ Africa/Malabo Equatorial Guinea
GR Europe/Athens Greece
GS Atlantic/South_Georgia South Georgia & the South Sandwich Islands
GT America/Guatemala Guatemala
GU Pacific/Guam Guam
GW Africa/Bissau Guinea-Bissau
GY America/Guyana Guyana
HK Asia/Hong_Kong Hong Kong
HM - Heard Island & McDonald Islands
HN America/Tegucigalpa Honduras
HR Europe/Zagreb Croatia
HT America/Port-au-Prince Haiti
HU Europe/Budapest Hungary
ID - Indonesia
IE Europe/Dublin Ireland
IL Asia/Jerusalem Israel
IM Europe/Isle_of_Man Isle of Man
IN Asia/Kolkata India
IO Indian/Chagos British Indian Ocean Territory
IQ Asia/Baghdad Iraq
IR Asia/Tehran Iran
IS Atlantic/Reykjavik Iceland
IT Europe/Rome Italy
JE Europe/Jersey Jersey
JM America/Jamaica Jamaica
JO Asia/Amman Jordan
JP Asia/Tokyo Japan
KE Africa/Nairobi Kenya
KG Asia/Bishkek Kyrgyzstan
KH Asia/Phnom_Penh Cambodia
KI - Kiribati
KM Indian/Comoro Comoros
KN America/St_Kitts St Kitts & Nevis
KP Asia/Pyongyang Korea (North)
KR Asia/Seoul Korea (South)
KW Asia/Kuwait Kuwait
KY America/Cayman Cayman Islands
KZ Asia/Almaty Kazakhstan
LA Asia/Vientiane Laos
LB Asia/Beirut Lebanon
LC America/St_Lucia St Lucia
LI Europe/Vaduz Liechtenstein
LK Asia/Colombo Sri Lanka
LR Africa/Monrovia Liberia
LS Africa/Maseru Lesotho
LT Europe/Vilnius Lithuania
LU Europe/Luxembourg Luxembourg
LV Europe/Riga Latvia
LY Africa/Tripoli Libya
MA Africa/Casablanca Morocco
MC Europe/Monaco Monaco
MD Europe/Chisinau Moldova
ME Europe/Podgorica Montenegro
MF America/Marigot St Martin (French)
MG Indian/Antananarivo Madagascar
MH Pacific/Majuro Marshall Islands
MK Europe/Skopje North Macedonia
ML Africa/Bamako Mali
MM Asia/Yangon Myanmar (Burma)
MN - Mongolia
MO Asia/Macau Macau
MP Pacific/Saipan Northern Mariana Islands
MQ America/Martinique Martinique
MR Africa/Nouakchott Mauritania
MS America/Montserrat Montserrat
MT Europe/Malta Malta
MU Indian/Mauritius Mauritius
MV Indian/Maldives Maldives
MW Africa/Blantyre Malawi
MX - Mexico
MY Asia/Kuala_Lumpur Malaysia
MZ Africa/Maputo Mozambique
NA Africa/Windhoek Namibia
NC Pacific/Noumea New Caledonia
NE Africa/Niamey Niger
NF Pacific/Norfolk Norfolk Island
NG Africa/Lagos Nigeria
NI America/Managua Nicaragua
NL Europe/Amsterdam Netherlands
NO Europe/Oslo Norway
NP Asia/Kathmandu Nepal
NR Pacific/Nauru Nauru
NU Pacific/Niue Niue
NZ - New Zealand
OM Asia/Muscat Oman
PA America/Panama Panama
PE America/Lima Peru
PF - French Polynesia
PG - Papua New Guinea
PH Asia/Manila Philippines
PK Asia/Karachi Pakistan
PL Europe/Warsaw Poland
PM America/Miquelon St Pierre & Miquelon
PN Pacific/Pitcairn Pitcairn
PR America/Puerto_Rico Puerto Rico
PS Asia/Gaza Palestine
PT - Portugal
PW Pacific/Palau Palau
PY America/Asuncion Paraguay
QA Asia/Qatar Qatar
RE Indian/Reunion Réunion
RO Europe/Bucharest Romania
RS Europe/Belgrade Serbia
RU - Russia
RW Africa/Kigali Rwanda
SA Asia/Riyadh Saudi Arabia
SB Pacific/Guadalcanal Solomon Islands
SC Indian/Mahe Seychelles
SD Africa/Khartoum Sudan
SE Europe/Stockholm Sweden
SG Asia/Singapore Singapore
SH Atlantic/St_Helena St Helena
SI Europe/Ljubljana Slovenia
SJ Arctic/Longyearbyen Svalbard & Jan Mayen
SK Europe/Bratislava Slovakia
SL Africa/Freetown Sierra Leone
SM Europe/San_Marino San Marino
SN Africa/Dakar Senegal
SO Africa/Mogadishu Somalia
SR America/Paramaribo Suriname
SS Africa/Juba South Sudan
ST Africa/Sao_Tome Sao Tome & Principe
SV America/El_Salvador El Salvador
SX America/Lower_Princes St Maarten (Dutch)
SY Asia/Damascus Syria
SZ Africa/Mbabane Eswatini (Swaziland)
TC America/Grand_Turk Turks & Caicos Is
TD Africa/Ndjamena Chad
TF Indian/Kerguelen French S. Terr.
TG Africa/Lome Togo
TH Asia/Bangkok Thailand
TJ Asia/Dushanbe Tajikistan
TK Pacific/Fakaofo Tokelau
TL Asia/Dili East Timor
TM Asia/Ashgabat Turkmenistan
TN Africa/Tunis Tunisia
TO Pacific/Tongatapu Tonga
TR Europe/Istanbul Turkey
TT America/Port_of_Spain Trinidad & Tobago
TV Pacific/Funafuti Tuvalu
TW Asia/Taipei Taiwan
TZ Africa/Dar_es_Salaam Tanzania
UA - Ukraine
UG Africa/Kampala Uganda
UM - US minor outlying islands
US - United States
UY America/Montevideo Uruguay
UZ Asia/Samarkand Uzbekistan
VA Europe/Vatican Vatican City
VC America/St_Vincent St Vincent
VE America/Caracas Venezuela
VG America/Tortola Virgin Islands (UK)
VI America/St_Thomas Virgin Islands (US)
VN Asia/Ho_Chi_Minh Vietnam
VU Pacific/Efate Vanuatu
WF Pacific/Wallis Wallis & Futuna
WS Pacific/Apia Samoa (western)
YE Asia/Aden Yemen
YT Indian/Mayotte Mayotte
ZA Africa/Johannesburg South Africa
ZM Africa/Lusaka Zambia
ZW Africa/Harare Zimbabwe
"""

_ROWS = [line.split(" ", 2) for line in _TABLE.splitlines()]
_ZONES = {code: zone for code, zone, _ in _ROWS if zone != "-"}
NAMES = {code: name for code, _, name in _ROWS}


def _plain(text: str) -> str:
    words = text.replace("&", "and").replace("\u2019", "'").casefold().split()
    return " ".join("st" if word in ("saint", "st.") else word for word in words)


_CODES = {_plain(name): code for code, name in NAMES.items()} | _ALSO


def alpha2(text: str | None) -> str | None:
    """The ISO 3166 code of a country given by its code or its English name; None if unknown."""
    if not text:
        return None
    code = text.strip().upper()
    return code if code in NAMES else _CODES.get(_plain(text))


def zone_of(code: str | None) -> str | None:
    """The one time zone of a country; None where there are several, or none is known."""
    return _ZONES.get(code or "")


def zone_named(name: str) -> ZoneInfo | None:
    """A zone of the tz database; None where it has none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return None
