// The AI SDK with one of its two packages for such servers: `openai` or `openai-compatible`, the second argument.
import { load, serve, versionOf } from "./loop.mjs";

const kind = process.argv[3];
const { generateText, streamText } = await load("ai");
const { createOpenAI } = await load("@ai-sdk/openai");
const { createOpenAICompatible } = await load("@ai-sdk/openai-compatible");

const chat = (baseURL, apiKey, model) =>
  kind === "openai" ? createOpenAI({ baseURL, apiKey }).chat(model) : createOpenAICompatible({ name: "citedesk", baseURL, apiKey }).chatModel(model);

// A system message goes where the SDK wants it, for it warns of one among the messages.
const split = (messages) => ({
  system: messages.filter(({ role }) => role === "system").map(({ content }) => content).join("\n") || undefined,
  messages: messages.filter(({ role }) => role !== "system"),
});

async function ask(baseURL, apiKey, { model, messages, streamed }) {
  const failures = [];
  const given = { model: chat(baseURL, apiKey, model), ...split(messages), maxRetries: 0 };
  const done = streamed ? streamText({ ...given, onError: ({ error }) => failures.push(error) }) : await generateText(given);
  if (streamed) await done.consumeStream();
  if (failures.length) throw failures[0];
  const sources = await done.sources;
  return { text: await done.text, finish: await done.finishReason, cited: kind === "openai" ? sources.map(({ url }) => url) : null };
}

const name = `@ai-sdk/${kind}`;
await serve({ ask }, { ai: versionOf("ai"), [name]: versionOf(name) });
