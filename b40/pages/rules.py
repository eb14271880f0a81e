"""The network's rules as far as public sources tell them, each with its standing and where it is told."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STATUTE = "https://b40network.org/organization/"
TIRANA_SUMMIT = "https://b40network.org/tirana-summit/"
ZAGREB_2025 = "https://zagreb.hr/en/gradonacelnik-tomasevic-na-cetvrtom-sastanku-na-vr/206876"
THESSALONIKI_2025 = (
    "https://www.in.gr/2025/02/25/politics/aftodioikisi/"
    "stin-ektelestiki-epitropi-tou-valkanikou-diktyou-b40-o-dimarxos-thessalonikis/amp"
)
ATHENS_HANDOVER = "https://www.thenationalherald.com/athens-takes-over-the-presidency-of-balkan-cities-network/"
TIRANA_CHOSEN = "https://tiranapost.net/qyteti/ne-2024-en-tirana-do-marre-presidencen-e-qyteteve-te-ballkanit-i522215"
TIRANA_HANDOVER = (
    "https://abnase.com/tirana-assumes-presidency-of-b-40-veliaj-smart-cities-and-digital-transformation-a-priority/"
)
ISTANBUL_ATHENS = "https://frd.ibb.istanbul/b40-balkan-sehirleri-agi-atina-zirvesi"
CANAKKALE_2024 = (
    "https://sonhavadis.org/haber/baskan-erkek-ibb-dis-iliskiler-daire-baskani-buyuksagnaki-agirladi-14128.html"
)
VARNA_2026 = (
    "https://www.varna24.bg/novini/varna/Predstavyat-kulturata-i-turizma-na-Varna-na-mezhdunarodna-sreshta-2868567"
)
SOFIA_SIGNING = "https://frd.ibb.istanbul/?p=8461"
SARAJEVO_2022 = "https://www.haberler.com/guncel/imamoglu-saraybosna-da-yurtta-baris-dunyada-baris-14898436-haberi/"
KISELA_VODA = "https://nezavisen.mk/opshtina-kisela-voda-stana-del-od-b40-mrezhata-na-gradovi-lideri-na-balkanot/"
NOVO_MESTO = (
    "https://novomesto.si/dogajanje/novice/2025030712023909/"
    "novo_mesto_kot_prvo_slovensko_mesto_sprejeto_v_zdruzenje_mest_b40"
)


@dataclass(frozen=True)
class Rule:
    """One rule; `standing` is "statute" where the statute says so and "practice" where it was only seen to be done."""

    text: Promise
    standing: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    title: Promise
    rules: tuple[Rule, ...]


def statute(text: Promise) -> Rule:
    return Rule(text, "statute", (STATUTE,))


def practice(text: Promise, *sources: str) -> Rule:
    return Rule(text, "practice", sources)


CHAPTERS = (
    Chapter(
        _("Member cities"),
        (
            statute(_("Every member city has the same voting rights, whatever its size: one city, one vote.")),
            statute(
                _(
                    "Cities are treated alike, their differences are respected, and they stand together on shared"
                    " crises, the climate first."
                )
            ),
            practice(_("A city decides for itself to join, in its own council or assembly."), ZAGREB_2025),
            practice(
                _("It may be a candidate first, as Tuzla, Bijeljina and Zenica were in April 2022."), SARAJEVO_2022
            ),
            practice(
                _(
                    "It becomes a member by signing the membership declaration: at the opening of a summit, or in"
                    " a ceremony between two."
                ),
                VARNA_2026,
                SOFIA_SIGNING,
            ),
            practice(
                _(
                    "A letter of the President has told a city of its admission (Kisela Voda, 2023); another "
                    "presented its work to the mayors first (Novo Mesto, 2025)."
                ),
                KISELA_VODA,
                NOVO_MESTO,
            ),
        ),
    ),
    Chapter(
        _("The presidency"),
        (
            statute(_("A city presides, and its mayor is the President. The presidency moves on every year.")),
            statute(
                _(
                    "The presiding city is elected among candidate cities at the yearly summit; the mayor of any "
                    "member city may stand."
                )
            ),
            statute(_("No city presides for two terms in a row.")),
            statute(_("The city that is elected hosts the yearly summit.")),
            practice(
                _(
                    "A city is chosen at one summit, hosts the next and takes over there: Tirana was announced in"
                    " Athens in January 2023 and took over in January 2024."
                ),
                TIRANA_CHOSEN,
                TIRANA_HANDOVER,
            ),
            practice(
                _(
                    "A term runs from handover to handover and not by the calendar. At the handover ceremony the "
                    "outgoing President reports on the year."
                ),
                TIRANA_SUMMIT,
                ATHENS_HANDOVER,
            ),
            practice(
                _(
                    "When a mayor leaves office, the presidency stays with the city: Athens had two Presidents in"
                    " one term."
                ),
                ATHENS_HANDOVER,
                TIRANA_SUMMIT,
            ),
        ),
    ),
    Chapter(
        _("Bodies"),
        (
            practice(
                _(
                    "The General Assembly of all member cities meets at the summit, hands the presidency on and "
                    "elects the board."
                ),
                ZAGREB_2025,
            ),
            practice(
                _(
                    "The Executive Board is the highest body between assemblies; in 2025 its members were elected"
                    " without a vote against."
                ),
                THESSALONIKI_2025,
            ),
            practice(_("The board meets at the summit and at least once more in the year."), CANAKKALE_2024),
            practice(
                _(
                    "The secretariat is permanent and does not rotate: Istanbul Metropolitan Municipality keeps "
                    "it in its Department of Foreign Relations."
                ),
                ISTANBUL_ATHENS,
                CANAKKALE_2024,
            ),
        ),
    ),
)

PRESIDENCY_RULES = CHAPTERS[1].rules
