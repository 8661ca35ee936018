"""The unmodified anthropic and ollama clients against the server."""

import unittest

from scripted import WithServer, turn, want

want("anthropic", "ollama")
import anthropic  # noqa: E402
import ollama  # noqa: E402

CALL = '<tool_call>\n{"name": "weather", "arguments": {"city": "Paris"}}\n</tool_call>'
SCRIPTS = [
    (turn("1+1?"), "adding\n</think>\n\nIt is 2.<|end|>"),
    (turn("weather?"), f"look it up</think>\n\n{CALL}<|end|>"),
    ("<|user|>Be brief.<|user|>1+1?<|assistant|><think>\n", "ok</think>\n\n2<|end|>"),
    ("abc", "def<|end|>"),
]


class AnthropicClientTest(WithServer):
    SCRIPTS = SCRIPTS

    def setUp(self):
        self.client = anthropic.Anthropic(base_url=self.server.url, api_key="none", max_retries=0)

    def ask(self, question, **more):
        more.setdefault("max_tokens", 100)
        return self.client.messages.create(
            model="scripted", messages=[{"role": "user", "content": question}], **more)

    def test_a_message(self):
        reply = self.ask("1+1?")
        self.assertEqual([block.type for block in reply.content], ["thinking", "text"])
        self.assertEqual(reply.content[0].thinking, "adding\n")
        self.assertEqual(reply.content[1].text, "It is 2.")
        self.assertEqual(reply.stop_reason, "end_turn")
        self.assertGreater(reply.usage.output_tokens, 0)

    def test_system(self):
        self.assertEqual(self.ask("1+1?", system="Be brief.").content[-1].text, "2")

    def test_streaming_equals_plain(self):
        with self.client.messages.stream(
                model="scripted", max_tokens=100,
                messages=[{"role": "user", "content": "1+1?"}]) as stream:
            text = "".join(stream.text_stream)
            final = stream.get_final_message()
        self.assertEqual(text, "It is 2.")
        plain = self.ask("1+1?")
        self.assertEqual([block.model_dump() for block in final.content],
                         [block.model_dump() for block in plain.content])
        self.assertEqual(final.stop_reason, plain.stop_reason)
        self.assertEqual(final.usage.output_tokens, plain.usage.output_tokens)

    def test_max_tokens(self):
        self.assertEqual(self.ask("1+1?", max_tokens=3).stop_reason, "max_tokens")

    def test_stop_sequence(self):
        reply = self.ask("1+1?", stop_sequences=[" 2"])
        self.assertEqual(reply.content[-1].text, "It is")
        self.assertEqual((reply.stop_reason, reply.stop_sequence), ("stop_sequence", " 2"))

    def test_tool_use(self):
        reply = self.ask("weather?", tools=[{
            "name": "weather", "input_schema": {"type": "object"}}])
        self.assertEqual(reply.stop_reason, "tool_use")
        self.assertEqual(reply.content[-1].name, "weather")
        self.assertEqual(reply.content[-1].input, {"city": "Paris"})

    def test_count_tokens(self):
        count = self.client.messages.count_tokens(
            model="scripted", messages=[{"role": "user", "content": "1+1?"}])
        self.assertEqual(count.input_tokens, self.ask("1+1?").usage.input_tokens
                         + (self.ask("1+1?").usage.cache_read_input_tokens or 0))

    def test_errors(self):
        with self.assertRaises(anthropic.BadRequestError) as caught:
            self.ask("1+1?", extra_body={"temperature": 2})
        self.assertEqual(caught.exception.body["type"], "error")
        self.assertIn("temperature", caught.exception.body["error"]["message"])
        with self.assertRaises(anthropic.NotFoundError):
            self.client.messages.create(model="nothing", max_tokens=1,
                                        messages=[{"role": "user", "content": "a"}])


class OllamaClientTest(WithServer):
    SCRIPTS = SCRIPTS

    def setUp(self):
        self.client = ollama.Client(host=self.server.url)

    def ask(self, question, **more):
        return self.client.chat(model="scripted", messages=[{"role": "user", "content": question}],
                                **more)

    def test_a_chat(self):
        reply = self.ask("1+1?")
        self.assertEqual(reply.message.content, "It is 2.")
        self.assertEqual(reply.message.thinking, "adding\n")
        self.assertTrue(reply.done)
        self.assertEqual(reply.done_reason, "stop")
        self.assertGreater(reply.eval_count, 0)
        self.assertGreater(reply.total_duration, 0)

    def test_streaming_equals_plain(self):
        parts = list(self.ask("1+1?", stream=True))
        self.assertEqual("".join(part.message.content or "" for part in parts), "It is 2.")
        self.assertEqual("".join(part.message.thinking or "" for part in parts), "adding\n")
        self.assertTrue(parts[-1].done)

    def test_options(self):
        reply = self.ask("1+1?", options={"num_predict": 3, "temperature": 0})
        self.assertEqual(reply.done_reason, "length")

    def test_tool_call(self):
        reply = self.ask("weather?", tools=[{"type": "function", "function": {
            "name": "weather", "parameters": {"type": "object", "properties": {}}}}])
        self.assertEqual(reply.message.tool_calls[0].function.name, "weather")
        self.assertEqual(reply.message.tool_calls[0].function.arguments, {"city": "Paris"})

    def test_generate(self):
        self.assertEqual(self.client.generate(model="scripted", prompt="1+1?").response, "It is 2.")
        self.assertEqual(self.client.generate(model="scripted", prompt="abc", raw=True).response,
                         "def")

    def test_models(self):
        self.assertEqual([model.model for model in self.client.list().models],
                         ["scripted", "other"])
        self.assertEqual([model.model for model in self.client.ps().models][0], "scripted")
        self.client.show("scripted")

    def test_tag(self):
        self.assertEqual(self.client.chat(model="scripted:latest", messages=[
            {"role": "user", "content": "1+1?"}]).message.content, "It is 2.")

    def test_errors(self):
        with self.assertRaises(ollama.ResponseError) as caught:
            self.client.chat(model="nothing", messages=[{"role": "user", "content": "a"}])
        self.assertEqual(caught.exception.status_code, 404)


if __name__ == "__main__":
    unittest.main()
