// One night, one wish: an urgent wish, a colleague who takes it, and the client who is told.

const LATER = 1200;
export const WORDS = {
  en: { name: "Thiri", home: "A room near my sister.", hello: "Good morning Thiri. I am Arun. I can see you today at two.", thanks: "Two is good. Thank you." },
  my: { name: "သီရိ", home: "ညီမနဲ့ နီးတဲ့ အခန်းတစ်ခန်း။", hello: "မင်္ဂလာပါ။ ကျွန်တော် အာရွန်ပါ။ ဒီနေ့ ဖုန်းဆက်လို့ ရမလား။", thanks: "ရပါတယ်။ ကျေးဇူးတင်ပါတယ်။" },
};
// The needs that Thiri puts first, as the needs instrument calls them.
const FIRST = ["A place to stay", "နေစရာ"];

// The facts are what the store tells (bot/demo/story.py).
const STEPS = [
  {
    title: "Thiri comes in",
    text: "By a link that works once. She reads what is kept, and agrees to each thing by itself.",
    hand: "Open the links of both caseworkers and the client, and let them arrive.",
    done: (facts) => facts.arrived,
  },
  {
    title: "She says what matters",
    text: "21 needs, from 1 to 4, each skippable. For a 4, her own words if she likes.",
    hand: "As Thiri: What matters to me.",
    done: (facts) => facts.rated > 0,
    count: (facts) => (facts.rated ? `${facts.rated} of 21` : ""),
  },
  {
    title: "It is night. She asks for a person",
    text: "She decides how and when. Nilar gets a code, a level, a category: none of her words.",
    hand: "As Thiri: say yes to contact, or tap I need a person.",
    done: (facts) => facts.asked,
  },
  {
    title: "Nilar does not see it",
    text: "An hour of answering time goes by. A colleague is told, and Thiri can see that too.",
    hand: "Tap Next morning, then Let an hour pass.",
    done: (facts) => facts.told > 0,
  },
  {
    title: "Arun takes it; Thiri is told",
    text: "One takes it, the others see who. She reads who has it, and since when.",
    hand: "As Arun: I'll take it.",
    done: (facts) => facts.taken,
  },
  {
    title: "They write to each other",
    text: "Through the bot: no numbers, no names beside those they chose.",
    hand: "As Arun: Write to…; then as Thiri: Open.",
    done: (facts) => facts.wrote > 1,
  },
  {
    title: "Soe leads, and sees only figures",
    text: "How many came, how many have rated. Whatever is under five stays hidden.",
    hand: "Open the lead’s link.",
    done: (facts) => facts.leads > 0,
    aside: true,
  },
  {
    title: "Thiri takes it all back",
    text: "Her key is destroyed, her rows go. Watch the store.",
    hand: "As Thiri: What is kept about me, Erase everything, Now.",
    done: (facts) => facts.erased > 0,
  },
];

// `say` tells who watches what is going on; `facts` gives what the store holds (bot/demo/story.py).
async function play(player, say, facts) {
  const { cast } = player.stage;
  const [thiri, nilar, arun, soe] = [cast("client", "Thiri"), cast("caseworker", "Nilar"), cast("caseworker", "Arun"), cast("lead", "Soe")];
  const words = WORDS[thiri.language] ?? WORDS.en;
  if (!facts().arrived) {
    say("Two caseworkers and a client come in, each by a link that works once.");
    for (const phone of [nilar, arun, thiri]) await player.open(phone, 300);
    await join(player, nilar);
    await join(player, arun);
    await arrive(player, thiri, words, say, facts);
  }
  if (!facts().asked) {
    await evening(player);
    await rate(player, thiri, words, say);
    await wish(player, thiri, say, facts);
  }
  if (!facts().told && !facts().taken) await wait(player, nilar, say, facts);
  if (!facts().taken) await take(player, arun, thiri, say, facts);
  if (facts().wrote < 2) await talk(player, arun, thiri, words, say, facts);
  if (!facts().leads) await lead(player, soe, say);
  if (!facts().erased) await erase(player, thiri, say, facts);
}

// Somebody of the team arrives, in the language of their phone.
export async function join(player, phone) {
  const atTheDesk = () => player.key(phone, "language");
  if (!atTheDesk()) await player.tap(phone, phone.language, 250);
  await player.until(() => atTheDesk() || !player.key(phone, phone.language), "the next screen");
  await player.rest(200);
  if (!atTheDesk()) await player.write(phone, phone.name);
  await player.until(atTheDesk, `${phone.name}’s desk`);
}

export async function arrive(player, phone, words, say, facts) {
  const ways = [
    [phone.language, 500],
    ["yes", 600],
    ["adult", 700],
    ["next", 450],
    ["stays", 900],
    ["plan", 500],
    ["first", 400],
    ["~d", 400],
    ["on", 400],
    ["~s", 0, words.name],
  ];
  say("Before anything else: is it safe to read now? Then, in short screens, what is kept and who may read it.");
  await player.walk(phone, ways, () => player.key(phone, "needs"));
}

async function evening(player) {
  if (player.stage.sky.told?.open) await player.stage.sky.pass("evening");
}

export async function rate(player, phone, words, say) {
  if (!player.key(phone, "needs")) await player.write(phone, "/menu");
  say("Thiri says what matters: 21 needs, a tap each. A place to stay is a 4, and she says why.");
  await player.tap(phone, "needs", 700);
  const title = () => phone.log.querySelector(".row:last-child strong")?.textContent ?? "";
  const meaning = ["~s", 0, words.home];
  const ways = () => (FIRST.includes(title()) ? [["4", 900], meaning] : [["2", 110], meaning]);
  await player.walk(phone, ways, () => player.key(phone, "change"));
}

async function wish(player, phone, say, facts) {
  await player.rest(LATER);
  await player.tap(phone, "on", 600);
  say("It is night. She wants somebody to contact her, and the button is honest: nobody answers before nine.");
  await player.tap(phone, "today", 1500);
  await player.walk(phone, [["here", 700], ["any", 700], ["yes", 1500]], () => facts().asked);
  say("Her caseworker Nilar gets a code, a level, a category. None of Thiri’s words.");
  await player.rest(2500);
  say("This is how it is stored: sealed under Thiri’s own key. With the key, it reads like this.");
  player.stage.open("store");
  await player.rest(2500);
  player.stage.unlock(true);
  await player.rest(3000);
  player.stage.unlock(false);
  player.stage.open("story");
}

async function wait(player, nilar, say, facts) {
  player.stage.show(nilar);
  await player.rest(LATER);
  say("Nilar does not look. Morning comes.");
  await player.stage.sky.pass("morning");
  await player.rest(LATER);
  say("An hour of answering time goes by: now a colleague must know.");
  await player.stage.sky.pass("hour");
  await player.until(() => facts().told > 0, "the colleague to be told");
}

async function take(player, arun, thiri, say, facts) {
  player.stage.show(arun);
  say("Arun, a colleague, is told. He takes it; from then on the others see that he has it.");
  await player.tap(arun, `!take.${facts().alert}`, 1500); // others may have wishes too
  await player.until(() => facts().taken, "the claim");
  player.stage.show(thiri);
  say("Thiri is told who has it, and since when.");
  await player.rest(2500);
}

async function talk(player, arun, thiri, words, say, facts) {
  say("They write to each other through the bot. No numbers.");
  await player.tap(arun, "!talk", 700);
  await player.until(() => player.key(arun, "end"), "the conversation");
  await player.write(arun, words.hello);
  await player.until(() => facts().wrote > 0, "Arun’s line");
  await player.tap(thiri, player.key(thiri, "!talk") ? "!talk" : "talk", 1200);
  await player.until(() => player.key(thiri, "end"), "the conversation");
  await player.rest(LATER);
  await player.write(thiri, words.thanks);
  await player.until(() => facts().wrote > 1, "Thiri’s line");
  await player.rest(LATER);
}

async function lead(player, soe, say) {
  say("Soe leads the programme. She sees how many, never who; under five, not even that.");
  await player.open(soe);
  await join(player, soe);
  await player.rest(2500);
}

async function erase(player, thiri, say, facts) {
  say("And if Thiri wants it all gone? She says so, twice, and her key is destroyed.");
  await player.write(thiri, "/mine");
  await player.tap(thiri, "erase", 800);
  await player.tap(thiri, "now", 1500);
  player.stage.open("store");
  await player.tap(thiri, "yes", 900);
  await player.until(() => facts().erased > 0, "the end");
  player.stage.open("store");
  await player.rest(3000);
}

export const WISH = {
  steps: STEPS,
  subject: "client",
  nothing: { client: null, erased: 0 },
  play,
  end: "That was one story. Everything you saw was the real bot. Now you: tap anything.",
};
