// The OpenAI client for Node: the same operations as openai_python.py.
import { load, serve, versionOf } from "./loop.mjs";

const { OpenAI } = await load("openai");
const client = (baseURL, apiKey, maxRetries = 0) => new OpenAI({ baseURL, apiKey, maxRetries, timeout: 180000 });
const plain = (value) => JSON.parse(JSON.stringify(value));

// What openai-python sends in `extra_body` is simply a part of the body here.
const flat = ({ extra_body, ...body }) => ({ ...body, ...extra_body });

const operations = {
  async models(url, key) {
    const page = await client(url, key).models.list();
    return { object: page.object, data: plain(page.data) };
  },
  async model(url, key, { name }) {
    return plain(await client(url, key).models.retrieve(name));
  },
  async complete(url, key, { body, retries }) {
    const { data, response, request_id } = await client(url, key, retries).chat.completions.create(flat(body)).withResponse();
    return { response: plain(data), request_id, headers: Object.fromEntries(response.headers) };
  },
  async stream(url, key, { body, retries }) {
    const chunks = [];
    for await (const chunk of await client(url, key, retries).chat.completions.create({ ...flat(body), stream: true })) chunks.push(plain(chunk));
    return chunks;
  },
  async accumulate(url, key, { body }) {
    return plain(await client(url, key).chat.completions.stream(flat(body)).finalChatCompletion());
  },
  async embed(url, key, { body }) {
    return plain(await client(url, key).embeddings.create(flat(body)));
  },
  async ask(url, key, { model, messages, streamed }) {
    const body = { model, messages };
    const done = streamed ? await operations.accumulate(url, key, { body }) : (await operations.complete(url, key, { body })).response;
    const { message, finish_reason } = done.choices[0];
    return { text: message.content, finish: finish_reason, cited: (message.annotations ?? []).map((one) => one.url_citation.url) };
  },
};

await serve(operations, { openai: versionOf("openai") });
