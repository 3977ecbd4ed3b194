"""What columns are called, and what they therefore seem to say about a fan."""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from huntaze.imports.model import Field
from huntaze.imports.reading.faults import Unreadable

# The names of the contract, which are also those of our own export. They win over all others.
OURS: Mapping[Field, str] = {
    Field.USERNAME: "Username",
    Field.USER_ID: "User ID",
    Field.NAME: "Display Name",
    Field.EMAIL: "Email",
    Field.TIER: "Subscription Tier",
    Field.SPENT: "Total Spent",
    Field.LAST_SEEN: "Last Seen",
    Field.PLATFORM: "Platform",
    Field.TAGS: "Tags",
    Field.CURRENCY: "Currency",
    Field.DO_NOT_CONTACT: "Do Not Contact",
}
# Names in which nobody reads anything else. "Name", "ID", "Fan", "Amount" and "Date" are not among them.
_ALSO: Mapping[Field, str] = {
    Field.USERNAME: "user name|handle|user handle|fan username|screen name|login|nickname|nom d'utilisateur|pseudo"
    "|pseudonyme|identifiant de connexion|Benutzername|Nutzername|nombre de usuario|usuario|nome utente"
    "|nome de usuário|nome de utilizador|gebruikersnaam|nazwa użytkownika|användarnamn|brugernavn|ユーザー名",
    Field.USER_ID: "userid|fan platform id|platform user id|platform id|account id|onlyfans id|fansly id|patreon id"
    "|id utilisateur|identifiant utilisateur|Benutzer-ID|Nutzer-ID|id de usuario|id utente|id do usuário"
    "|gebruikers-id|ID użytkownika|användar-id|ユーザーID",
    Field.NAME: "full name|fan name|nom affiché|nom d'affichage|nom complet|Anzeigename|nombre visible|nombre completo"
    "|nome visualizzato|nome de exibição|nome completo|weergavenaam|nazwa wyświetlana|visningsnamn|表示名",
    Field.EMAIL: "e-mail|mail|email address|e-mail address|adresse e-mail|adresse mail|courriel|E-Mail-Adresse"
    "|correo|correo electrónico|posta elettronica|indirizzo e-mail|e-mailadres|adres e-mail|e-postadress|メール"
    "|メールアドレス",
    Field.TIER: "tier|membership tier|tier name|subscription level|membership level|niveau d'abonnement"
    "|formule d'abonnement|Abostufe|Abo-Stufe|nivel de suscripción|livello di abbonamento|nível de assinatura",
    Field.SPENT: "total|spent|spend|total spend|amount spent|total amount spent|lifetime value|LTV|lifetime spend"
    "|lifetime spent|lifetime amount|total dépensé|montant dépensé|dépenses totales|Gesamtausgaben"
    "|insgesamt ausgegeben|Gesamtbetrag|total gastado|gasto total|totale speso|total gasto|totaal besteed"
    "|suma wydatków|totalt spenderat|合計",
    Field.LAST_SEEN: "last seen at|last active|last activity|last active at|last online|last login|last visit"
    "|dernière visite|dernière activité|dernière connexion|vu pour la dernière fois|zuletzt gesehen"
    "|zuletzt aktiv|zuletzt online|última visita|última conexión|última actividad|ultimo accesso|visto por último"
    "|última atividade|laatst gezien|ostatnio widziany|senast sedd|最終ログイン",
    Field.PLATFORM: "plateforme|Plattform|plataforma|piattaforma|platforma|plattform|プラットフォーム",
    Field.TAGS: "tag|labels|étiquettes|etiquetas|Schlagwörter|etichette|tagi|taggar|タグ",
    Field.CURRENCY: "currency code|devise|monnaie|Währung|moneda|divisa|valuta|moeda|waluta|通貨",
    Field.DO_NOT_CONTACT: "DNC|no contact|never contact|ne pas contacter|nicht kontaktieren|no contactar"
    "|não contactar|non contattare|niet benaderen",
}


@lru_cache(maxsize=1024)
def normalised(header: str) -> str:
    """A header without case, accents, blanks and punctuation. What has nothing else stays as it is."""
    bare = (letter for letter in unicodedata.normalize("NFKD", header.casefold()) if letter.isalnum())
    return "".join(bare) or header.strip()


def names_the_fan(mapping: Mapping[Field, str]) -> bool:
    """Whether some column says who the fan is."""
    return Field.USERNAME in mapping or Field.USER_ID in mapping


def mapped(
    header: Sequence[str], chosen: Mapping[Field, str] | None, remembered: Mapping[str, Field]
) -> Mapping[Field, str]:
    """Which header stands for which field: as a person said, else as one said the last time, else by its name."""
    if chosen is None:
        return _as_suggested(header, remembered)
    by_name = {normalised(name): name for name in header if name}
    if unknown := next((name for name in chosen.values() if normalised(name) not in by_name), None):
        raise Unreadable("unknown_column", column=unknown[:200])
    return {field: by_name[normalised(name)] for field, name in chosen.items()}


def recognised(header: Sequence[str]) -> int:
    """How many of these names are known."""
    return sum(normalised(name) in _FIELDS for name in header)


def _as_suggested(header: Sequence[str], remembered: Mapping[str, Field]) -> Mapping[Field, str]:
    """What has two candidates of one rank is left to a person; a name of higher rank has none beside it."""
    mapping: dict[Field, str] = {}
    taken: set[str] = set()
    for known in (remembered, _OURS, _FIELDS):
        found: dict[Field, list[str]] = {}
        for name in header:
            if (field := known.get(normalised(name))) and field not in mapping and name not in taken:
                found.setdefault(field, []).append(name)
        for field, names in found.items():
            if len(names) == 1:
                mapping[field] = names[0]
                taken.add(names[0])
    return mapping


_OURS: dict[str, Field] = {normalised(name): field for field, name in OURS.items()}
_FIELDS: Mapping[str, Field] = _OURS | {
    normalised(name): field for field, names in _ALSO.items() for name in names.split("|")
}
