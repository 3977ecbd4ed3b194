"""What fans are called: many languages and scripts, and nobody in particular."""

import unicodedata
from typing import NamedTuple

from local.demo.dice import Dice, shelf


class Name(NamedTuple):
    """A name to show, how its owner is addressed, and the same in plain letters for handles and emails."""

    shown: str
    familiar: str
    first: str
    last: str
    language: str  # what the fan writes in; where we have no words in it, English


class Word(NamedTuple):
    """One part of a name, in its own script and in plain letters."""

    shown: str
    plain: str


# What decomposition alone does not turn into plain letters.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "đ": "d", "'": "", " ": ""})


def plain(word: str) -> str:
    """A word in the letters a to z."""
    decomposed = unicodedata.normalize("NFKD", word.lower().translate(_LETTERS))
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalnum())


def _words(text: str) -> tuple[Word, ...]:
    """Latin words stand alone; words of other scripts bring their plain letters after a slash."""
    parts = (entry.replace("_", " ").partition("/") for entry in text.split())
    return tuple(Word(shown, romanised or plain(shown)) for shown, _, romanised in parts)


_ENGLISH = (
    "en",
    _words(
        "Aaron Abigail Amelia Ben Blake Brooke Caleb Charlotte Connor Daniel Dylan Eleanor Ethan Felix Georgia Grace "
        "Hannah Harry Isaac Jack Jasper Kayla Logan Lucy Mason Megan Nathan Noah Olivia Owen Poppy Quinn Reece Ruby "
        "Ryan Sam Sophie Toby Tyler Violet Wyatt Zach"
    ),
    _words(
        "Abbott Barker Bennett Brooks Carver Chapman Cole Dawson Ellis Fletcher Gibbs Hale Harding Jennings Keane "
        "Lawson Marsh Mercer Nolan Osborne Palmer Pearce Quigley Reeves Sawyer Sinclair Thorne Tucker Vance Walsh Webb "
        "Whitaker Yates O'Dell O'Rourke"
    ),
)
_FRENCH = (
    "fr",
    _words(
        "Adrien Amélie Anaïs Antoine Aurélie Bastien Benoît Camille Céline Chloé Clément Élodie Étienne Fabien Gaëlle "
        "Hélène Jérôme Joël Julien Léa Loïc Maëlle Maxime Mélanie Noémie Océane Rémi Solène Théo Valérie Yann"
    ),
    _words(
        "Aubert Barbier Besson Boucher Carpentier Chevallier Delaunay Dubois Faure Fournier Garnier Guérin Hébert "
        "Lacroix Lefèvre Lemoine Marchand Mercier Noël Perrin Renard Rousselle Thibault Vasseur"
    ),
)
_IBERIAN = (
    "es",
    _words(
        "Álvaro Andrés Beatriz Bruno Camila Carmen Cristóbal Diego Elena Esteban Fernanda Gonçalo Inês Iván Javier "
        "João Joaquín Lucía Luís Mariana Martín Raúl Rocío Rui Sofía Tomás Ximena"
    ),
    _words(
        "Aguilar Almeida Araújo Benítez Cardoso Castaño Cordeiro Domínguez Esteves Figueroa Gallego Guimarães Ibáñez "
        "Lozano Magalhães Molina Muñoz Núñez Ortega Peña Quintero Ribeiro Salgado Teixeira Vázquez"
    ),
)
_NORTHERN = (
    "de",
    _words(
        "Anke Bjarne Björn Dirk Erik Freja Günther Håkan Heike Ingrid Jannik Jörg Jürgen Katrin Kjell Lars Maja Mikkel "
        "Nils Oskar Rasmus Sigrid Søren Sven Tjark Ute Åsa"
    ),
    _words(
        "Bäcker Berglund Brandt Dahl Ekström Fuchs Grønning Holm Jäger Kjær Köhler Krüger Lindqvist Møller Nyström "
        "Öberg Petersen Richter Schäfer Schröder Søndergaard Vogt Weiß Winkler"
    ),
)
_CENTRAL = (
    "en",
    _words(
        "Agnieszka Bartosz Čestmír Dorota Grzegorz Jiří Kasia Łukasz Małgorzata Miloš Ondřej Paweł Radka Szymon Tomáš "
        "Vojtěch Zdeněk Željko"
    ),
    _words("Bartoš Dvořák Horvat Jankowski Kovář Kučera Nowicki Pospíšil Růžička Sikora Šimek Wójcik Zawadzki Žák"),
)
_SOUTHERN = (
    "en",
    _words("Alessio Çağlar Chiara Davide Emre Fabrizio Ginevra İpek Luca Matteo Nicolò Özge Silvia Şebnem"),
    _words("Aydoğan Bianchi Çelik De_Luca Ferretti Galli Güneş Marchetti Moretti Özdemir Şahin Vitale Tekin"),
)
_CYRILLIC = (
    "en",
    _words(
        "Алексей/alexey Анна/anna Дмитрий/dmitry Екатерина/katya Иван/ivan Ксения/ksenia Максим/maxim Наталья/natalya "
        "Олег/oleg Сергей/sergey Юлия/yulia"
    ),
    _words(
        "Бондаренко/bondarenko Кравчук/kravchuk Лысенко/lysenko Марченко/marchenko Мельник/melnik Полищук/polishchuk "
        "Савчук/savchuk Ткаченко/tkachenko"
    ),
)
_ARABIC = (
    "en",
    _words("أحمد/ahmed سامي/sami كريم/karim ليلى/layla مريم/maryam نور/nour هدى/huda يوسف/youssef"),
    _words("حداد/haddad خليل/khalil صباغ/sabbagh عزام/azzam منصور/mansour نجار/najjar"),
)
_JAPANESE = (
    "en",
    _words("健太/kenta 美咲/misaki 拓也/takuya 結衣/yui 翔/sho 大輔/daisuke 蓮/ren 葵/aoi"),
    _words("佐藤/sato 鈴木/suzuki 高橋/takahashi 田中/tanaka 渡辺/watanabe 小林/kobayashi 森/mori"),
)

_ORIGINS = shelf(
    {
        _ENGLISH: 43,
        _FRENCH: 18,
        _IBERIAN: 13,
        _NORTHERN: 10,
        _CENTRAL: 5,
        _SOUTHERN: 5,
        _CYRILLIC: 3,
        _ARABIC: 2,
        _JAPANESE: 1,
    }
)
_EMOJI = ("✨", "🖤", "🌙", "🔥", "🌊", "🦊", "🎧", "☕", "🌵", "🏍️", "🍀", "❄️")
_NICKNAMES = (
    "Night Owl 🦉",
    "The Quiet One",
    "Rainy Monday 🌧️",
    "Coffee First ☕",
    "K. from Leeds",
    "Captain Slow 🐢",
    "anonymous fox 🦊",
    "M.",
    "Sunday Driver",
    "just visiting 👋",
    "Tea & Toast",
    "Mr. 42",
)
_ADJECTIVES = _words("amber brave calm dusty early gentle hidden idle lucky mellow nordic quiet restless silver velvet")
_NOUNS = _words(
    "anchor badger canyon comet drummer falcon harbor island juniper lantern meadow otter pilot river tiger"
)

_NICKNAMED = 0.03
_WITH_EMOJI = 0.04
_FULL_NAME_IN_HANDLE = 0.4
_FIRST_NAME_IN_HANDLE = 0.3


def draw_name(dice: Dice) -> Name:
    """Somebody's name."""
    origin = dice.of(_ORIGINS)
    language, firsts, lasts = origin
    first, last = dice.of(firsts), dice.of(lasts)
    kind = dice.random()
    if kind < _NICKNAMED:
        nickname = dice.of(_NICKNAMES)
        return Name(nickname, nickname, dice.of(_ADJECTIVES).plain, dice.of(_NOUNS).plain, "en")
    if kind < _NICKNAMED + _WITH_EMOJI:
        return Name(f"{first.shown} {dice.of(_EMOJI)}", first.shown, first.plain, last.plain, language)
    # The family name comes first in Japanese.
    shown = f"{last.shown} {first.shown}" if origin is _JAPANESE else f"{first.shown} {last.shown}"
    return Name(shown, first.shown, first.plain, last.plain, language)


def draw_handle(dice: Dice, name: Name) -> str:
    """A handle: now and then with nothing of the name in it."""
    number, style = int(10_000 * dice.random()), dice.random()
    if style < _FULL_NAME_IN_HANDLE:
        return f"{name.first}_{name.last}{number}"
    if style < _FULL_NAME_IN_HANDLE + _FIRST_NAME_IN_HANDLE:
        return f"{name.first}{number}"
    return f"{dice.of(_ADJECTIVES).plain}_{dice.of(_NOUNS).plain}{number}"


def draw_email(dice: Dice, name: Name) -> str:
    """An address under a domain that is reserved for examples."""
    return f"{name.first}.{name.last}{int(1000 * dice.random())}@{dice.of(_MAIL)}"


def draw_phone(dice: Dice) -> str:
    """A number of the ranges that are kept free for fiction."""
    return dice.of(_PHONES) + f"{int(100 * dice.random()):02}"


_MAIL = ("example.com", "example.org", "example.net", "mail.test")
_PHONES = ("+1 202 555 01", "+33 1 99 00 12 ", "+44 7700 9001")
