// Cash that is theirs: a lead plans three transfers, one is sent, and the client plans and notes what only she sees.

import { arrive, rate, WORDS } from "./plot.js";
import { sit } from "./round.js";

const LATER = 2500;
const PATIENCE = 30_000;
const MONEY = {
  en: { rent: "1 lakh 50 thousand", food: "500 food", gold: "8,000 phone" },
  my: { rent: "၁ သိန်းခွဲ", food: "ထမင်း ၅၀၀", gold: "ဖုန်း ၈၀၀၀" },
};

// The facts are what the store tells (bot/demo/story.py).
const STEPS = [
  {
    title: "Soe plans three transfers",
    text: "One a month, as much as the country’s minimum wage. No conditions.",
    hand: "As Soe: Money, Plan transfers, the client’s code.",
    done: (facts) => facts.planned > 0,
    count: (facts) => (facts.planned ? `${facts.planned} planned` : ""),
  },
  {
    title: "The first one is sent",
    text: "Thiri gets one bland line. What it is about shows after a tap.",
    hand: "As Soe: Money, the first one, It was sent.",
    done: (facts) => facts.sent > 0,
  },
  {
    title: "Did it reach her? One tap",
    text: "If a part is missing, only she sees it, until she wants somebody told who did not handle the money.",
    hand: "As Thiri: Open, then what is true.",
    done: (facts) => facts.came > 0,
  },
  {
    title: "Her own plan",
    text: "Begun from what she put first, in her own digits and words. Nobody approves it; half a plan is fine.",
    hand: "As Thiri: My plan, Add a line.",
    done: (facts) => facts.lines > 0,
    count: (facts) => (facts.lines ? `${facts.lines} written` : ""),
  },
  {
    title: "What it went for",
    text: "One line, a tap or a voice note, if she likes. No receipts. Hers alone until she shares it.",
    hand: "As Thiri: Note something. Then Side by side.",
    done: (facts) => facts.noted > 0,
    count: (facts) => (facts.noted ? `${facts.noted} noted` : ""),
  },
];

// `say` tells who watches what is going on; `facts` gives what the store holds.
async function play(player, say, facts) {
  const { cast } = player.stage;
  const [nilar, soe, thiri] = [cast("caseworker", "Nilar"), cast("lead", "Soe"), cast("client", "Thiri")];
  const words = WORDS[thiri.language] ?? WORDS.en;
  player.stage.open("cash");
  say("Soe, who leads, a caseworker and a client come in.");
  for (const phone of [nilar, soe]) await sit(player, phone);
  if (facts().code === null) {
    await player.open(thiri);
    await arrive(player, thiri, words, say, () => facts());
  }
  await player.until(() => facts().code, "the client");
  if (!player.key(thiri, "more")) await player.write(thiri, "/menu");
  await player.until(() => player.key(thiri, "more"), "her menu");
  if (!player.key(thiri, "firsts")) await rate(player, thiri, words, say);
  await plan(player, soe, say, facts);
  await send(player, soe, say, facts);
  await confirm(player, thiri, say, facts);
  await write(player, thiri, MONEY[thiri.language] ?? MONEY.en, say, facts);
}

async function plan(player, soe, say, facts) {
  say("Soe plans three transfers, one a month. Each is as much as the rate in force on its day.");
  const before = facts().series;
  await player.tap(soe, "payments", 900);
  await player.tap(soe, "pay", 900);
  await player.until(() => player.key(soe, "~x"), "the question for whom");
  await player.write(soe, facts().code);
  for (const code of ["3", "today", "XX"]) await player.tap(soe, code, 1100);
  await player.until(() => player.key(soe, "yes"), "the summary");
  say("Every one of them with its day and its amount, in figures and in words, before it counts.");
  await player.rest(LATER);
  await player.tap(soe, "yes", 900);
  await player.until(() => facts().series !== before, "the transfers");
}

async function send(player, soe, say, facts) {
  say("The first one is sent today, and noted: how, and who handed it over. Whoever did is not told if something is missing.");
  for (const code of [facts().series, "sent", "today", "wallet", "nobody"]) await player.tap(soe, code, 1100);
  await player.until(() => facts().sent > 0, "the note");
  await player.rest(LATER);
}

async function confirm(player, thiri, say, facts) {
  say("Thiri gets one bland line. Only after she taps Open is there anything to read.");
  player.stage.show(thiri);
  if (player.stage.sky.told?.open === false) {
    say("But not at night: she has named no hours, so she is written to by day. Morning comes.");
    await player.stage.sky.pass("morning");
  }
  await player.until(() => player.key(thiri, "!transfer") || player.key(thiri, "all"), "the line", PATIENCE);
  await player.rest(LATER);
  if (!player.key(thiri, "all")) await player.tap(thiri, "!transfer", 900);
  await player.tap(thiri, "all", 1800);
  await player.until(() => facts().came > 0, "her answer");
}

async function write(player, thiri, money, say, facts) {
  say("Her plan: it begins with what she put first. She writes the amount as she would say it.");
  await player.tap(thiri, "planning", 1200);
  await player.tap(thiri, "add", 900);
  await player.until(() => player.key(thiri, "n.housing") || player.key(thiri, "home"), "what it can be for");
  await player.tap(thiri, player.key(thiri, "n.housing") ? "n.housing" : "home", 900);
  await player.until(() => player.key(thiri, "~s"), "how much");
  await player.write(thiri, money.rent, "~s");
  say("It is said back in figures and in words: a number that was read wrong is never kept.");
  await player.rest(LATER);
  await player.tap(thiri, "yes", 1200);
  await player.until(() => facts().lines > 0, "the line");
  await player.tap(thiri, "done", 900);
  say("What it went for, if she likes: one line is enough. No receipt, and no right or wrong.");
  await player.tap(thiri, "spending", 900);
  for (const line of [money.food, money.gold]) await note(player, thiri, line);
  await player.until(() => facts().noted > 1, "the notes");
  await player.tap(thiri, "done", 900);
  say("Both side by side, for her eyes only. No red, no too much, no too little.");
  await player.tap(thiri, "beside", 900);
  await player.tap(thiri, "picture", 2000);
  const photo = await player.until(() => thiri.log.querySelector(".photo"), "the picture", PATIENCE);
  await player.rest(600);
  photo.scrollIntoView({ block: "nearest" });
  await player.rest(LATER);
}

async function note(player, thiri, line) {
  await player.until(() => player.key(thiri, "done") && player.key(thiri, "other"), "the line to write in");
  await player.write(thiri, line, "done");
  await player.tap(thiri, "yes", 1200);
}

export const CASH = {
  steps: STEPS,
  subject: "series",
  nothing: { code: null, series: null, planned: 0, sent: 0, came: 0, lines: 0, noted: 0 },
  play,
  end: "That was her money. Everything you saw was the real bot.",
};
