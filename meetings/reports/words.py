"""The words of participant reports in the region's languages: headings of columns, and what stands under them.

Written as Zoom, Teams and Meet write them, or nearly so; compared in folded form. A heading that is not here is recognised by what its column holds.
"""

import re

from members.names import search_text

# One line a language or program, headings parted by bars: en, tr, bg, el, sr/hr/bs, ro, sq, mk, sl, de.
_HEADINGS = {
    "name": """
        name|full name|fullname|user name|username|participant|participant name|participant s name|display name|attendee|name and surname
        ad|adı|isim|tam ad|ad soyad|adı soyadı|kullanıcı adı|katılımcı|katılımcı adı|görünen ad
        име|пълно име|име и фамилия|потребителско име|участник|имена|име на участника
        όνομα|πλήρες όνομα|ονοματεπώνυμο|όνομα χρήστη|συμμετέχων|όνομα συμμετέχοντα|όνομα και επώνυμο
        ime|puno ime|ime i prezime|korisničko ime|učesnik|sudionik|ime učesnika|prezime i ime|име и презиме|пуно име|учесник|korisnik
        nume|nume complet|nume și prenume|numele complet|nume utilizator|participant|numele participantului
        emri|emri i plotë|emër|emri dhe mbiemri|emri i përdoruesit|pjesëmarrësi|pjesëmarrës
        целосно име|корисничко име|учесник
        polno ime|ime in priimek|uporabniško ime|udeleženec
        vollständiger name|benutzername|teilnehmer|teilnehmername|vor und nachname|anzeigename""",
    "first": """
        first name|given name
        ön ad|adı
        собствено име|първо име
        μικρό όνομα
        prenume|prenumele|vorname""",
    "last": """
        last name|surname|family name
        soyad|soyadı
        фамилия|фамилно име|презиме
        επώνυμο|επίθετο
        prezime|nume de familie|mbiemri|mbiemër|priimek|nachname""",
    "original": "original name|orijinal ad|originalname|оригинално име|αρχικό όνομα|originalno ime|nume original|emri origjinal|izvirno ime",
    "email": """
        email|e mail|user email|email address|e mail address|mail|attendee email|participant email
        e posta|e posta adresi|eposta|kullanıcı e postası|kullanıcı e posta|kullanıcı e postası
        имейл|имейл адрес|електронна поща|е поща|имейл на потребителя
        ηλεκτρονικό ταχυδρομείο|διεύθυνση ηλεκτρονικού ταχυδρομείου|διεύθυνση email|ηλ ταχυδρομείο|email χρήστη
        e pošta|e adresa|adresa e pošte|imejl|имејл|е пошта|elektronička pošta|elektronska pošta|email korisnika
        adresă de e mail|adresă e mail|adresa de e mail|e mail utilizator|poștă electronică
        posta elektronike|adresa e emailit|email i përdoruesit
        електронска пошта|е пошта
        e poštni naslov|elektronski naslov
        e mail adresse|benutzer e mail|mailadresse""",
    "upn": "participant id upn|participant id|upn|user principal name|katılımcı kimliği upn|katılımcı kimliği|teilnehmer id upn|ид на участник upn",
    "join": """
        join time|joined|joined at|time joined|join|entered|arrival|join date and time|start of attendance|check in
        katılma zamanı|katılma saati|katılım zamanı|katılım saati|giriş zamanı|giriş saati|katıldı
        час на присъединяване|време на присъединяване|време на влизане|час на влизане|влязъл|включване|присъединяване
        ώρα συμμετοχής|ώρα σύνδεσης|ώρα εισόδου|χρόνος συμμετοχής|ώρα έναρξης συμμετοχής|είσοδος|σύνδεση
        vrijeme pridruživanja|vreme pridruživanja|vrijeme ulaska|vreme ulaska|vrijeme dolaska|vreme dolaska|vrijeme prijave|време придруживања|време уласка|prijava
        ora intrării|ora alăturării|ora asocierii|ora de intrare|ora conectării|timp de conectare|ora de alăturare|ora participării
        koha e bashkimit|koha e hyrjes|ora e hyrjes|ora e bashkimit|hyri|hyrja
        време на приклучување|време на влегување|приклучување
        čas pridružitve|čas prihoda|čas vstopa|prihod
        beitrittszeit|beitritt|zeitpunkt des beitritts|teilnahmezeit|beigetreten um|eintritt""",
    "leave": """
        leave time|left|left at|time exited|time left|leave|exited|exit time|departure|end of attendance|check out
        ayrılma zamanı|ayrılma saati|ayrılış zamanı|ayrılış saati|çıkış zamanı|çıkış saati|ayrıldı
        час на напускане|време на напускане|време на излизане|час на излизане|излязъл|напускане
        ώρα αποχώρησης|ώρα αποσύνδεσης|ώρα εξόδου|χρόνος αποχώρησης|έξοδος|αποχώρηση
        vrijeme napuštanja|vreme napuštanja|vrijeme izlaska|vreme izlaska|vrijeme odlaska|vreme odlaska|vrijeme odjave|време напуштања|време изласка|odjava
        ora ieșirii|ora părăsirii|ora de ieșire|ora deconectării|timp de deconectare|ora plecării
        koha e largimit|koha e daljes|ora e daljes|ora e largimit|doli|dalja
        време на напуштање|време на излегување|напуштање
        čas odhoda|čas zapustitve|čas izstopa|odhod
        verlassen um|uhrzeit des verlassens|zeitpunkt des verlassens|austrittszeit|austritt|zeit des verlassens|verlassen""",
    "first_join": """
        first join|first join time|first joined
        ilk katılma|ilk katılma zamanı|ilk katılım
        първо присъединяване|първо включване
        πρώτη συμμετοχή|πρώτη σύνδεση
        prvo pridruživanje|prvi dolazak|прво придруживање|prva prijava
        prima alăturare|prima asociere|prima intrare|prima conectare
        bashkimi i parë|hyrja e parë
        прво приклучување
        prva pridružitev|prvi prihod
        erster beitritt|erstmaliger beitritt|erste teilnahme""",
    "last_leave": """
        last leave|last leave time|last left
        son ayrılma|son ayrılma zamanı|son ayrılış
        последно напускане|последно излизане
        τελευταία αποχώρηση|τελευταία αποσύνδεση
        posljednje napuštanje|poslednje napuštanje|posljednji odlazak|zadnje napuštanje|последње напуштање|zadnja odjava
        ultima părăsire|ultima ieșire|ultima plecare|ultima deconectare
        largimi i fundit|dalja e fundit
        последно напуштање
        zadnji odhod|zadnja zapustitev
        letztes verlassen|letzter austritt""",
    "duration": """
        duration|total duration|in meeting duration|time in session|time in meeting|attendance duration|time attended|minutes|total time|duration minutes
        süre|toplam süre|toplantı süresi|toplantıda geçirilen süre|oturumdaki süre|toplantı içi süre|dakika
        продължителност|обща продължителност|продължителност в срещата|времетраене|минути
        διάρκεια|συνολική διάρκεια|διάρκεια σύσκεψης|διάρκεια στη σύσκεψη|λεπτά
        trajanje|ukupno trajanje|trajanje u sastanku|vrijeme na sastanku|трајање|укупно трајање|minuti
        durată|durata|durata totală|durata în ședință|timp în sesiune|minute
        kohëzgjatja|kohëzgjatja totale|zgjatja
        времетраење|вкупно времетраење
        skupno trajanje|trajanje na sestanku
        dauer|gesamtdauer|dauer in besprechung|dauer der teilnahme|besprechungsdauer|zeit in sitzung""",
    "stamp": """
        timestamp|time stamp|utc event timestamp|utc event time stamp|date and time|time
        zaman damgası|tarih ve saat|zaman
        времево клеймо|клеймо за време|времеви печат|дата и час
        χρονική σήμανση|χρονοσήμανση|ημερομηνία και ώρα
        vremenska oznaka|vremenski žig|datum i vrijeme|datum i vreme|временска ознака
        marcă temporală|marcaj de timp|marcaj temporal|data și ora
        vula kohore|data dhe ora
        датум и време
        časovni žig|datum in čas
        zeitstempel|datum und uhrzeit""",
    "action": """
        user action|action|event
        kullanıcı eylemi|eylem|kullanıcı işlemi
        действие на потребителя|потребителско действие|действие
        ενέργεια χρήστη|ενέργεια
        radnja korisnika|korisnička radnja|akcija korisnika|radnja|радња корисника
        acțiune utilizator|acțiunea utilizatorului|acțiune
        veprimi i përdoruesit|veprimi
        дејство на корисник|корисничко дејство|дејство
        dejanje uporabnika|dejanje
        benutzeraktion|aktion""",
    "role": "role|rol|роля|ρόλος|uloga|улога|roli|vloga|rolle",
    "waiting": """
        in waiting room|waiting room|bekleme odasında|bekleme odası|в чакалнята|чакалня|στην αίθουσα αναμονής|αίθουσα αναμονής
        u čekaonici|čekaonica|у чекаоници|în sala de așteptare|sala de așteptare|në dhomën e pritjes|dhoma e pritjes|во чекалната|v čakalnici|im warteraum|warteraum""",
    "attended": "attended|katıldı mı|присъствал|παρευρέθηκε|prisustvovao|a participat|mori pjesë|присуствувал|se je udeležil|hat teilgenommen|teilgenommen",
    # Recognised so that they are taken for nothing else.
    "other": """
        guest|konuk|misafir|гост|επισκέπτης|gost|invitat|mysafir|gast|is guest|recording consent|recording disclaimer response|country region name|country region
        registration time|approval status|source name|phone|city|organization|job title|topic|meeting id|webinar id|start time|end time|participants|user id""",
}  # fmt: skip

_JOINED = """
    joined|joined before|join|entered|katıldı|daha önce katıldı|giriş yaptı|присъедини се|се присъедини|влезе|включи се|συμμετείχε|συνδέθηκε|έγινε συμμετοχή|εισήλθε|προσχώρησε
    pridružio se|pridružila se|pridružen|pridruženo|pridružio la se|ušao|ušla|придружио се|придружен|s a alăturat|a intrat|s a conectat|u bashkua|hyri|се приклучи|приклучен|влезе
    pridružil se|pridružila se|pridružen a|beigetreten|teilgenommen|ist beigetreten"""
_LEFT = """
    left|leave|exited|ayrıldı|çıkış yaptı|çıktı|напусна|излезе|αποχώρησε|αποσυνδέθηκε|εξήλθε|έφυγε|napustio|napustila|napustio la|izašao|izašla|otišao|напустио|изашао
    a părăsit|a ieșit|a plecat|s a deconectat|u largua|doli|la|напушти|излезе|zapustil|zapustila|zapustil a|odšel|verlassen|hat verlassen|ausgetreten"""
_YES = "yes|y|true|1|evet|да|ναι|da|po|ja|x"
_NO = "no|n|false|0|hayır|не|όχι|ne|nu|jo|nein"

LONGEST_HEADING = 60
_WITHIN = re.compile(r"(?<=[a-z])(?=[A-Z])")  # JoinTime


def _folded(text: str) -> frozenset[str]:
    return frozenset(filter(None, (search_text(word) for line in text.splitlines() for word in line.split("|"))))


HEADINGS = {role: _folded(text) for role, text in _HEADINGS.items()}
JOINED, LEFT, YES, NO = (_folded(text) for text in (_JOINED, _LEFT, _YES, _NO))
_ROLES = {heading: role for role, headings in reversed(HEADINGS.items()) for heading in headings}
_MOST_WORDS = max(len(heading.split()) for heading in _ROLES)


def role_of(heading: str) -> str:
    """Say what a column holds by its heading, or by the longest known words that the heading begins with; "" when unknown."""
    if not heading or len(heading) > LONGEST_HEADING:
        return ""
    words = search_text(_WITHIN.sub(" ", heading)).split()
    beginnings = (" ".join(words[:length]) for length in range(min(len(words), _MOST_WORDS), 0, -1))
    return next((_ROLES[each] for each in beginnings if each in _ROLES), "")
