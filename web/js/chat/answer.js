// One answer while it comes: its thought, its text, its figures.
//
//   const answer = new Answer(request, () => draw(answer));     // told after every change
//   answer.stop();  answer.answerNow();
//   await answer.finished;                                       // never rejects; see `error`
//
// `phase` goes from waiting over thinking and answering to done, stopped or failed. Times are seconds
// since the request was sent; at the end the server's own take their place.

import {post, stream} from '../server.js';

export const kEnded = ['done', 'stopped', 'failed'];

export class Answer {
  phase = 'waiting';
  id = null;               // the server's, once it has answered
  text = '';
  reasoning = '';
  error = null;            // a ServerError
  finish = null;           // OpenAI's finish_reason, or "loop"
  thinkingEnd = null;      // who ended the thought: model, budget, loop, asked
  truncatedThought = false;
  tokens = 0;              // of thought and answer
  reasoningTokens = 0;
  promptTokens = null;
  firstToken = null;
  firstAnswer = null;
  thinking = null;         // how long it took
  total = null;
  speed = null;            // tokens a second, without the wait for the first

  #tell;
  #began = performance.now();
  #control = new AbortController();

  constructor(request, tell) {
    this.#tell = tell;
    this.finished = this.#run(request);
  }

  get ended() {
    return kEnded.includes(this.phase);
  }

  // Seconds so far; of the thought while it lasts.
  get elapsed() {
    return this.total ?? (performance.now() - this.#began) / 1000;
  }

  get thinkingSoFar() {
    if (this.thinking !== null) return this.thinking;
    return this.firstToken === null ? 0 : this.elapsed - this.firstToken;
  }

  stop() {
    if (!this.ended) this.#control.abort();
  }

  // The model closes its thought and answers. Whether the server could be told.
  async answerNow() {
    if (this.id === null || this.ended) return false;
    try {
      await post(`/retort/v1/requests/${encodeURIComponent(this.id)}/answer-now`);
      return true;
    } catch {
      return false;        // it had ended meanwhile
    }
  }

  // As it is kept in a history.
  figures() {
    const {tokens, reasoningTokens, promptTokens, firstToken, firstAnswer, thinking, total, speed} =
      this;
    return {tokens, reasoningTokens, promptTokens, firstToken, firstAnswer, thinking, total, speed};
  }

  async #run(request) {
    try {
      for await (const chunk of stream('/v1/chat/completions', request, this.#control.signal)) {
        this.#take(chunk);
        this.#tell(this);
      }
      this.phase = 'done';
    } catch (error) {
      this.phase = error.name === 'AbortError' ? 'stopped' : 'failed';
      if (this.phase === 'failed') this.error = error;
    }
    this.total ??= this.elapsed;
    if (this.thinking === null && this.reasoning !== '') this.thinking = this.total - this.firstToken;
    this.#tell(this);
    return this;
  }

  #take(chunk) {
    this.id ??= chunk.id ?? null;
    if (chunk.usage) {
      this.promptTokens = chunk.usage.prompt_tokens;
      this.tokens = chunk.usage.completion_tokens;
      this.reasoningTokens =
        chunk.usage.completion_tokens_details?.reasoning_tokens ?? this.reasoningTokens;
    }
    const choice = chunk.choices?.[0];
    if (choice) this.#takeChoice(choice);
    if (chunk.timings) this.#takeTimings(chunk.timings);
  }

  #takeChoice(choice) {
    const {delta} = choice;
    const thought = delta?.reasoning_content ?? '';
    const text = delta?.content ?? '';
    this.tokens += choice.token_ids?.length ?? 0;
    if (thought !== '') {
      this.reasoning += thought;
      this.reasoningTokens += choice.token_ids?.length ?? 0;
      this.firstToken ??= this.elapsed;
      this.phase = 'thinking';
    }
    if (text !== '') {
      this.text += text;
      this.firstToken ??= this.elapsed;
      if (this.firstAnswer === null) {
        this.firstAnswer = this.elapsed;
        if (this.reasoning !== '') this.thinking = this.firstAnswer - this.firstToken;
      }
      this.phase = 'answering';
    }
    if (this.firstToken !== null && this.elapsed > this.firstToken) {
      this.speed = (this.tokens - 1) / (this.elapsed - this.firstToken);
    }
    if (choice.finish_reason) {
      this.finish = choice.finish_details?.type === 'loop' ? 'loop' : choice.finish_reason;
      this.thinkingEnd = choice.thinking_end ?? null;
      this.truncatedThought = choice.reasoning_truncated ?? false;
    }
  }

  #takeTimings(timings) {
    this.firstToken = timings.first_token_s;
    this.firstAnswer = timings.first_answer_s;
    if (this.reasoning !== '') this.thinking = timings.thinking_s;
    this.total = timings.total_s;
    this.speed = timings.tokens_per_s;
  }
}
