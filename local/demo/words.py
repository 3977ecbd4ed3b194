"""What fans and creators say to each other: adult, matter of fact, nothing explicit."""

from typing import NamedTuple


class Line(NamedTuple):
    """One message of an exchange; {name} is how the fan is addressed."""

    out: bool
    text: str
    answer: str | None = None  # what would be said next, where an exchange breaks off here


Exchange = tuple[Line, ...]


def begin_of(exchange: Exchange, count: int) -> Exchange:
    """The first lines of an exchange; where it breaks off after the fan's, the last one knows its answer."""
    if count >= len(exchange):
        return exchange
    last, following = exchange[count - 1], exchange[count]
    return (*exchange[: count - 1], last._replace(answer=following.text if following.out else None))


def _exchanges(text: str) -> tuple[Exchange, ...]:
    """Exchanges stand apart by an empty line; < comes from the fan, > goes to the fan."""
    return tuple(
        tuple(Line(line.startswith(">"), line[2:]) for line in block.splitlines())
        for block in text.strip().split("\n\n")
    )


OPENINGS = _exchanges("""
> Hi {name}, thank you for subscribing. What brought you here?
< A friend showed me your travel pictures. Happy to be here.
> Then you will like this month. Write whenever you want.

> Welcome, {name}! New pictures come on Tuesdays and Fridays, and I read every message myself or with my team.
< Good to know, thanks.

< Hi! Just joined. Love the way you light your pictures.
> Thank you {name}, that means a lot. The light is mostly a window and patience.

< Hello from Osaka.
> Hello {name}! You are up late, or very early?
< Early. Your posts go well with coffee.

> Hey {name}, good to see you here. More pictures or more video, what do you prefer?
< Video, if I may choose.
> Noted. There will be a longer one on Sunday.
""")

_TALK = _exchanges("""
< Morning! How did the shoot go yesterday?
> Long day and very good light. The first pictures go up tonight.
< Then I know what I am doing tonight.

< Did you get home all right? You said the train was cancelled.
> I did, three hours late and with a cold sandwich. Thank you for asking, {name}.

< Which camera do you use for the balcony series?
> An old film camera and a lot of patience. The digital one is only for video.

< How was your weekend?
> Quiet. I slept, cooked and answered nobody. Yours?
< Worked through it. I was glad about your Sunday post.

< I had a rotten day, tell me something nice.
> The neighbour's cat has moved into my studio and now supervises everything.
< That helped, thank you.

< Is the set with the red coat still available?
> It is. Shall I send it here or do you want to look at the page first?
< Here, please.

< Could you say my name in the next video?
> I can do that in a custom one. Tell me what you have in mind and I tell you what it costs.

< What music was in the last clip?
> A friend made it for me. I will ask whether I may share the name.

< When is the next live?
> Thursday at nine in the evening, my time.
< I will be there.

< I moved to the night shift, so I will be quiet for a while.
> Thank you for telling me, {name}. Look after yourself.

> You were quiet this week, {name}. All well?
< Exams. Two more and then I am human again.
> Good luck. I keep something for you for afterwards.

> I am choosing the cover of the next set. Window or stairs?
< Stairs, without a doubt.
> Stairs it is.

< Are you doing anything for the holidays?
> Family for two days, then the sea. There will be pictures of the sea.

< I cancelled my gym and kept you. Priorities.
> I am honoured, and a little worried about your back.

< My renewal failed, can you see why?
> I cannot see your card, only that the payment was declined. The platform's help page can tell more.
< It was the old card. Fixed now.

< Your message from yesterday did not open on my phone.
> Thank you for saying so. I sent it again, does this one open?
< Yes, perfect.

< How do you stay in such good shape while travelling?
> Stairs, swimming and bad elevators.

< I would like to give a friend a month as a present. Is that possible?
> It is: there is a gift link on my page. That is a kind idea.

< Do you remember what I told you about my interview?
> Of course. It was on Monday. How did it go?
< I got it!
> Congratulations, {name}! I am really glad.

< What time zone are you in this week?
> Lisbon until Friday, then home.

< I love that you answer in whole sentences.
> I love that you notice.

> Good evening {name}. I am answering messages with tea today, so take your time.
< Tea and your messages, a decent evening.

< Can I ask for something without the tattoo covered?
> You can. The next set shows it.

< Are the older sets still around?
> Everything since 2024 is in the archive. Ask me for a title and I find it.

< Is it you who writes, or somebody of your team?
> Evenings it is mostly me; during the day somebody of my team reads along. I see everything that goes out.
< Fair, thank you for being straight about it.

< Just wanted to say: best decision of this year.
> You made my morning, {name}.
""")

# Some write in their own language now and then, and are answered in it.
_IN_FRENCH = _exchanges("""
< Bonjour, j'aime beaucoup la lumière de la dernière série.
> Merci {name}, ça me fait plaisir. C'était à six heures du matin.

< Merci pour la vidéo d'hier, très réussie.
> Merci {name} ! Une seule prise, pour une fois.

< On se retrouve au live de jeudi ?
> Oui, à vingt et une heures. À jeudi !

< Je pars deux semaines, je regarderai tout au retour.
> Bon voyage {name}, tout sera encore là.

< Vous pouvez me renvoyer le lien de l'archive ?
> Bien sûr, le voici sur la page, tout en haut.
""")
_IN_SPANISH = _exchanges("""
< Hola, ¿cómo fue el viaje?
> Largo y muy bonito. El domingo subo las fotos.

< Feliz cumpleaños con retraso.
> Gracias {name}, llega justo a tiempo.

< ¿Habrá directo esta semana?
> El jueves a las nueve, hora mía.

< La última serie es la mejor hasta ahora.
> Qué alegría leerlo, {name}. Gracias.
""")
_IN_GERMAN = _exchanges("""
< Wie war die Reise?
> Lang und schön. Bilder kommen am Wochenende.

< Die Serie auf der Treppe ist großartig.
> Danke {name}, sie hat drei Tage gedauert.

< Ich bin nächste Woche im Urlaub und melde mich danach.
> Gute Erholung, {name}!
""")
_OWN_WORDS = 4
TALK_IN = {
    "en": _TALK,
    "fr": _TALK + _OWN_WORDS * _IN_FRENCH,
    "es": _TALK + _OWN_WORDS * _IN_SPANISH,
    "de": _TALK + _OWN_WORDS * _IN_GERMAN,
}

OFFERS = _exchanges("""
> The full balcony set is ready: 24 pictures, no watermark.
< Worth every cent.

> Twelve minutes from Sunday, uncut. You are among the first to get it, {name}.
< I watched it twice already.

> The stairs series you voted for is finished.
< I was right about the stairs.

> Behind the scenes of the sea shoot: 18 pictures and a short video.
< The third picture is my new favourite.

> A longer video than usual, made in one take.
< One take? Impressive.

> I kept six pictures out of the last set. Here they are, for those who ask nicely.
< I always ask nicely.

> The red coat, as promised.
< You keep your promises.

> Late evening set, rather dark and rather mine.
< Wow.
""")

REFUSALS = (
    "Not this month, I am saving for the move.",
    "Maybe next week, after payday.",
    "That one is not for me, but thank you for thinking of me.",
    "I have this one already, I believe?",
)

THANKS = _exchanges("""
< A little something for the coffee.
> That is a lot of coffee, {name}. Thank you!

< For the tyre you had to change.
> You remembered! Thank you, {name}.

< You deserve it.
> Thank you, {name}. It goes into the new lens.

< Just because it is Friday.
> Best reason there is. Thank you!
""")
