// A round, among many: a lead asks two dozen others how things are, and watches the answers come.

import { join } from "./plot.js";

const LATER = 3000;
const PATIENCE = 120_000; // two dozen people take their time

// The facts are what the store tells (bot/demo/story.py), and what the others do (bot/demo/others.py).
const STEPS = [
  {
    title: "Two dozen others come in",
    text: "Each by a link that works once. One does not want to be written to first, one is under 18, one pauses.",
    hand: "Open a caseworker’s link, then let two dozen others in.",
    done: ({ others }) => others !== null && others.coming === 0,
    count: ({ others }) => (others?.coming ? `${others.of - others.coming} of ${others.of}` : ""),
  },
  {
    title: "Soe plans a round, for now",
    text: "Whom, when, how often. She sees how many will be asked, and why the rest will not, before anything is sent.",
    hand: "As Soe: Rounds, Plan a round.",
    done: (facts) => facts.plan !== null,
  },
  {
    title: "One bland line to each",
    text: "What it is about shows only to whoever taps Open. Each in their own safe hours.",
    hand: "Nobody is asked in the middle of something; Thiri, who named no hours, is asked by day.",
    done: (facts) => facts.sent > 0,
    count: (facts) => (facts.sent ? `${facts.sent} sent` : ""),
  },
  {
    title: "They answer, or they do not",
    text: "One says not now, one stops half way, one never looks. Soe sees how many, never who.",
    hand: "Look at Soe’s phone. Let Thiri answer too.",
    done: (facts) => facts.answered > 0,
    count: (facts) => (facts.answered ? `${facts.answered} answered` : ""),
  },
  {
    title: "It closes: one page of figures",
    text: "What is under five stays hidden. Not answered, not now, not sent: never one number.",
    hand: "As Soe: Look at it, Stop; then Result.",
    done: (facts) => facts.state === "closed",
  },
];

// `say` tells who watches what is going on; `facts` gives the facts as they are now.
async function play(player, say, facts) {
  const { cast } = player.stage;
  const [nilar, arun, soe] = [cast("caseworker", "Nilar"), cast("caseworker", "Arun"), cast("lead", "Soe")];
  player.stage.open("round");
  say("Two caseworkers come in, and Soe, who leads.");
  for (const phone of [nilar, arun, soe]) await sit(player, phone);
  if (facts().others?.coming !== 0) await fill(player, say, facts);
  await plan(player, soe, say, facts);
  await watch(player, soe, say, facts);
  await close(player, soe, say, facts);
}

async function fill(player, say, facts) {
  say("Two dozen others come in, each by a link that works once. They agree to be asked; not all of them to everything.");
  await player.stage.letIn();
  await player.until(() => facts().others?.coming === 0, "the others", PATIENCE);
  await player.rest(LATER);
}

// Somebody of the team is there, with their own menu.
export async function sit(player, phone) {
  if (player.key(phone, "language")) return;
  if (phone.chatId === null) {
    await player.open(phone);
    await join(player, phone);
  } else {
    await player.write(phone, "/menu");
    await player.until(() => player.key(phone, "language"), `${phone.name}’s menu`);
  }
}

async function plan(player, soe, say, facts) {
  say("Soe plans a round in her chat: how things are, for everyone, now, once.");
  for (const code of ["rounds", "plan", "0", "everyone", "now", "once", "72"]) await player.tap(soe, code, 900);
  await player.until(() => player.key(soe, "see"), "the summary");
  say("Before anything goes out: how many would be asked, and why each of the others would not.");
  await player.rest(5000);
  const before = facts().plan;
  await player.tap(soe, "plan", 900);
  await player.until(() => facts().plan !== before, "the plan");
}

async function watch(player, soe, say, facts) {
  say("It goes out within seconds: one bland line to each, whose hours are safe now. What it is about shows after a tap.");
  await player.until(() => facts().sent > 0, "the first line", PATIENCE);
  player.stage.show(soe);
  say("They open it and answer, or do not, each at their own pace. Soe sees how many, never who.");
  await player.until(() => facts().answered > 0 && facts().others.answering === 0, "the answers", PATIENCE);
  await player.rest(LATER);
}

async function close(player, soe, say, facts) {
  say("Soe stops it. Whoever has not opened it finds nothing any more, and is not asked why.");
  await player.tap(soe, "stop.", 900);
  await player.tap(soe, "stop", 1200);
  await player.until(() => facts().state === "closed", "the end", PATIENCE);
  await player.tap(soe, "again", 600);
  await player.tap(soe, "result.", 900);
  say("One page: what helped, what made it harder, respect, could one say no. What is under five stays hidden.");
  await player.tap(soe, "picture", 2500);
  const photo = await player.until(() => soe.log.querySelector(".photo"), "the picture");
  await player.rest(600);
  photo.scrollIntoView({ block: "nearest" });
  await player.rest(LATER);
}

export const ROUND = {
  steps: STEPS,
  subject: "plan",
  nothing: { plan: null, others: null },
  play,
  end: "That was a round. Everything you saw was the real bot.",
};
