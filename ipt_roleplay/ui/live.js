// The talk in the browser: a reply is seen word by word, it is read out, it stays in view, and words that were typed and not sent wait for their talk.

const PREFIX = "ipt-draft-";
const BOX = '[data-testid="stChatInputTextArea"]';
const UNSAID = "ipt-unsaid";
const unsaved = new Map(); // off the record: in this page's memory only, gone with the page
const shown = new WeakMap(); // which talk a page shows, for as long as it does
const came = new Set(); // talks that took a draft along from where they branch off
let talk = null; // what the server said last: which talk, how many turns it has, whether it is kept and goes on
let listening = false;

export default function ({ parentElement, data }) {
  const page = parentElement.ownerDocument ?? document;
  if (data.only) return dropAllBut(data.only);
  told(data);
  if (data.drafts) keepDrafts(page, parentElement);
  else follow(page, data);
}

function follow(page, data) {
  const log = page.querySelector(".st-key-talk-log");
  if (!log) return;
  log.setAttribute("role", "log");
  log.setAttribute("aria-live", "polite");
  log.setAttribute("aria-label", "The talk");
  const pane = page.querySelector('[data-testid="stMain"]') ?? page.scrollingElement;
  const down = () => pane.scrollTo({ top: pane.scrollHeight });
  down();
  if (log.dataset.heard) return;
  log.dataset.heard = data.turns;
  const changed = () => {
    down();
    const turns = [...log.querySelectorAll(".ipt-turn")];
    turns.slice(Number(log.dataset.heard)).forEach((turn) => sayWordByWord(turn, data.pause));
    log.dataset.heard = Math.max(turns.length, Number(log.dataset.heard));
  };
  new MutationObserver(changed).observe(log, { childList: true, subtree: true, characterData: true });
}

// A written reply arrives whole. Its words are seen one after the other, by colour alone: the page does not change, so it is read out once,
// whole, and can be copied at any time. Who asked for less motion, or has a browser without highlights, sees all of it at once.
function sayWordByWord(turn, pause) {
  const view = turn.ownerDocument.defaultView;
  const still = view.matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!pause || still || !view.CSS.highlights || !turn.matches(".ipt-partner") || turn.closest("[aria-hidden]")) return;
  const words = wordsOf(turn.querySelector("p"));
  if (!words.length) return;
  const unsaid = view.CSS.highlights.get(UNSAID) ?? new view.Highlight();
  view.CSS.highlights.set(UNSAID, unsaid);
  const rest = new view.Range();
  rest.setStart(...words[0]);
  rest.setEndAfter(turn.querySelector("p").lastChild);
  unsaid.add(rest);
  const began = view.performance.now();
  const say = (now) => {
    const next = words[Math.floor((now - began) / pause) + 1];
    if (!next || !turn.isConnected) return unsaid.delete(rest);
    rest.setStart(...next);
    view.requestAnimationFrame(say);
  };
  view.requestAnimationFrame(say);
}

// Where each word begins, as [text node, offset]; who speaks is for screen readers only and no word of the talk.
function wordsOf(paragraph) {
  const texts = paragraph.ownerDocument.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.parentElement.matches(".ipt-who")) for (const word of text.data.matchAll(/\S+/g)) found.push([text, word.index]);
  }
  return found;
}

function told(data) {
  talk = data;
  const draft = read(talk);
  if (draft && (!talk.open || draft.sentAt < talk.turns)) drop(talk);
}

function keepDrafts(page, place) {
  const arrived = shown.get(place) !== talk.talk;
  shown.set(place, talk.talk);
  listen(page);
  takeAlong();
  if (talk.unsent) write(talk, { words: talk.unsent });
  if (!arrived) return;
  const draft = read(talk);
  if (draft) {
    write(talk, { words: draft.words }); // if it was sent, it was not kept
    restore(page, talk.talk, draft.words);
  } else keep(page.querySelector(BOX));
}

// The box can be there, and be written in, before the server has said which talk it belongs to.
function keep(box) {
  if (box?.value.trim()) write(talk, { words: box.value });
}

// Gone back to a moment of another talk: what stood in the box there comes along, once.
function takeAlong() {
  if (!talk.from || came.has(talk.talk)) return;
  came.add(talk.talk);
  const there = { ...talk, talk: talk.from };
  const draft = read(there);
  if (!draft || draft.sentAt !== undefined) return;
  drop(there);
  write(talk, draft);
}

const idIn = (page) => new URLSearchParams(page.location.search).get("id");

function listen(page) {
  if (listening) return;
  listening = true;
  page.addEventListener("input", ({ target }) => {
    if (!target.matches?.(BOX) || talk.talk !== idIn(page)) return;
    if (target.value.trim()) write(talk, { words: target.value });
    else drop(talk);
  });
  const sending = (event) => {
    const box = event.target.closest?.('[data-testid="stChatInput"]')?.querySelector(BOX);
    const enter = event.type === "keydown" && event.key === "Enter" && !event.shiftKey && !event.isComposing;
    const button = event.type === "click" && event.target !== box;
    // Sent is not yet kept: the draft goes when the server names a turn more, so that a crash in between loses nothing.
    if (box?.value.trim() && talk.talk === idIn(page) && (enter || button)) write(talk, { words: box.value, sentAt: talk.turns });
  };
  page.addEventListener("keydown", sending, true);
  page.addEventListener("click", sending, true);
}

// The box comes after this (on a busy computer much later), and can come anew while the page is drawn: wait for it a minute at most, and look after
// it until the words are used, some seconds at most.
function restore(page, id, words, frames = 240, waits = 3600) {
  const draft = talk.talk === id ? read(talk) : null;
  if (!frames || !waits || draft?.words !== words || draft.sentAt !== undefined) return;
  const box = page.querySelector(BOX);
  if (box && !box.disabled && !box.value) fill(box, words);
  requestAnimationFrame(() => restore(page, id, words, box ? frames - 1 : frames, box ? waits : waits - 1));
}

// React keeps its own copy of the value: it hears of a change only through the element's own setter and an event.
function fill(box, words) {
  const view = box.ownerDocument.defaultView;
  Object.getOwnPropertyDescriptor(view.HTMLTextAreaElement.prototype, "value").set.call(box, words);
  box.dispatchEvent(new view.Event("input", { bubbles: true }));
}

function read(of) {
  try {
    return JSON.parse(of.kept ? sessionStorage.getItem(PREFIX + of.talk) : (unsaved.get(of.talk) ?? null));
  } catch {
    return null; // no storage in this browser, or something else lies there
  }
}

function write(of, draft) {
  const text = JSON.stringify(draft);
  if (!of.kept) unsaved.set(of.talk, text);
  else
    try {
      sessionStorage.setItem(PREFIX + of.talk, text);
    } catch {
      // no storage, or it is full: the words are in the box all the same
    }
}

function drop(of) {
  unsaved.delete(of.talk);
  try {
    sessionStorage.removeItem(PREFIX + of.talk);
  } catch {
    // no storage: nothing to remove
  }
}

function dropAllBut(talks) {
  const gone = (id) => !talks.includes(id);
  [...unsaved.keys()].filter(gone).forEach((id) => unsaved.delete(id));
  try {
    const kept = Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
    kept.filter((key) => gone(key.slice(PREFIX.length))).forEach((key) => sessionStorage.removeItem(key));
  } catch {
    // no storage: nothing to remove
  }
}
