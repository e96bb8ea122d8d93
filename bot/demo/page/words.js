// What the phone's own app says, in the phone's language. The bot words its messages itself.
// The Burmese needs a native reader, as in the bot's catalogs.

export const LANGUAGES = [
  ["en", "English"],
  ["my", "မြန်မာ"],
];

const ENGLISH = {
  bot: "bot",
  typing: "is typing…",
  speaking: "is recording…",
  write: "Message",
  send: "Send",
  menu: "Menu",
  more: "More about this chat",
  record: "Record a voice note",
  finish: "Send",
  cancel: "Cancel",
  noMicrophone: "No microphone could be used here. Send a short sample sound instead?",
  sample: "Send the sample",
  voice: "Voice note",
  play: "Play the voice note",
  pause: "Pause",
  photo: "Photo",
  file: "Open the file",
  follow: "Open this link on a new phone",
  edited: "edited",
  copied: "Copied",
  copyThis: "Copy this:",
  ok: "OK",
  again: "Open a new link",
  block: "Block the bot",
  unblock: "Unblock the bot",
  blocked: "This phone has blocked the bot.",
  language: "Language of this phone:",
  chat: "Messages with the bot",
  lost: "That did not arrive. Is the demonstration still running?",
};

const BURMESE = {
  bot: "ဘော့တ်",
  typing: "စာရိုက်နေသည်…",
  speaking: "အသံဖမ်းနေသည်…",
  write: "စာရေးရန်",
  send: "ပို့ရန်",
  menu: "မီနူး",
  more: "ဤစကားဝိုင်းအကြောင်း",
  record: "အသံဖမ်းရန်",
  finish: "ပို့ရန်",
  cancel: "မလုပ်တော့ပါ",
  noMicrophone: "ဒီမှာ မိုက်ခရိုဖုန်း သုံးလို့ မရပါ။ နမူနာ အသံတိုလေး ပို့မလား။",
  sample: "နမူနာ ပို့ရန်",
  voice: "အသံစာ",
  play: "အသံစာ ဖွင့်ရန်",
  pause: "ခဏရပ်ရန်",
  photo: "ဓာတ်ပုံ",
  file: "ဖိုင် ဖွင့်ရန်",
  follow: "ဒီလင့်ခ်ကို ဖုန်းအသစ်မှာ ဖွင့်ရန်",
  edited: "ပြင်ထားသည်",
  copied: "ကူးပြီးပါပြီ",
  copyThis: "ဒါကို ကူးပါ:",
  ok: "အိုကေ",
  again: "လင့်ခ်အသစ် ဖွင့်ရန်",
  block: "ဘော့တ်ကို ပိတ်ထားရန်",
  unblock: "ပြန်ဖွင့်ရန်",
  blocked: "ဒီဖုန်းက ဘော့တ်ကို ပိတ်ထားသည်။",
  language: "ဒီဖုန်းရဲ့ ဘာသာစကား:",
  chat: "ဘော့တ်နှင့် စာများ",
  lost: "မရောက်သွားပါ။ သရုပ်ပြမှု ဆက်ဖွင့်ထားသလား။",
};

export function wordsIn(language) {
  return language === "my" ? BURMESE : ENGLISH;
}

// Which language a piece of text is in, for its line height, its fonts and whoever reads it aloud.
export function languageOf(text) {
  return /[\u1000-\u109f]/.test(text) ? "my" : "en";
}
