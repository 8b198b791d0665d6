// Says calls one after the other, each once: those above the last one that was said, also after a lost connection
// or a reload. Without sound they count as passed: nobody wants to hear an hour of calls at once.

const LANGUAGE = "zh-CN";
// A voice that never says that it has ended would stop all that come after it.
const LONGEST = 20000;
const TRIES = 2;

export class Voice {
  /** @param {string} hall @param {(state: string) => void} told */
  constructor(hall, told) {
    this.place = `banshi-display-${hall}`;
    this.told = told;
    this.on = false;
    this.queue = [];
    this.speaking = false;
    this.last = null;
  }

  /** Begin to speak; the browser wants somebody to have pressed a button first. */
  async open() {
    if (!("speechSynthesis" in window)) {
      this.told("none");
      return;
    }
    try {
      await this.speak("声音已打开");
      this.on = true;
      this.told("on");
    } catch (error) {
      this.told(error === "not-allowed" ? "blocked" : "failed");
    }
  }

  close() {
    this.on = false;
    this.queue = [];
    speechSynthesis.cancel();
    this.told("off");
  }

  /** The hall's calls of a day by growing id. */
  hear(calls, day) {
    const newest = calls.length ? calls[calls.length - 1].id : 0;
    if (this.last === null) this.last = this.remembered(day) ?? newest;
    for (const call of calls) {
      if (call.id <= this.last) continue;
      this.last = call.id;
      if (this.on) this.queue.push(call.say);
    }
    this.remember(day);
    this.go();
  }

  async go() {
    if (this.speaking) return;
    this.speaking = true;
    while (this.queue.length && this.on) {
      const words = this.queue.shift();
      for (let attempt = 0; attempt < TRIES; attempt += 1) {
        try {
          await this.speak(words);
          break;
        } catch {
          this.told("failed");
        }
      }
    }
    this.speaking = false;
  }

  speak(words) {
    return new Promise((resolve, reject) => {
      const utterance = new SpeechSynthesisUtterance(words);
      utterance.lang = LANGUAGE;
      utterance.rate = 0.9;
      utterance.voice = speechSynthesis.getVoices().find((voice) => voice.lang.replace("_", "-") === LANGUAGE) ?? null;
      const late = setTimeout(resolve, LONGEST);
      utterance.onend = () => {
        clearTimeout(late);
        resolve();
      };
      utterance.onerror = (event) => {
        clearTimeout(late);
        reject(event.error);
      };
      // Kept by reference: some browsers forget an utterance that nobody holds, and its end with it.
      this.utterance = utterance;
      speechSynthesis.speak(utterance);
    });
  }

  remembered(day) {
    try {
      const kept = JSON.parse(localStorage.getItem(this.place) ?? "null");
      return kept?.day === day ? kept.last : null;
    } catch {
      return null;
    }
  }

  remember(day) {
    try {
      localStorage.setItem(this.place, JSON.stringify({ day, last: this.last }));
    } catch {
      // A browser that keeps nothing says after a reload what is called from then on.
    }
  }
}
