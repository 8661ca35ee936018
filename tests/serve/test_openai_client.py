"""The unmodified openai client against the server."""

import concurrent.futures
import json
import unittest

from scripted import WithServer, turn, want

want("openai")
import openai  # noqa: E402

WEATHER = {"type": "function", "function": {
    "name": "weather", "description": "The weather of a city",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}},
                   "required": ["city"]}}}
CALL = '<tool_call>\n{"name": "weather", "arguments": {"city": "Paris"}}\n</tool_call>'


class OpenAiClientTest(WithServer):
    SCRIPTS = [
        (turn("1+1?"), "adding\n</think>\n\nIt is 2.<|end|>"),
        (turn("umlaut"), "grübeln 思考</think>\n\nÜber 思考 🙂.<|end|>"),
        (turn("weather?"), f"look it up</think>\n\n{CALL}<|end|>"),
        ("<|user|>weather?<|assistant|><|end|><|user|>sunny<|assistant|><think>\n",
         "good</think>\n\nIt is sunny.<|end|>"),
        ("<|user|>Be brief.<|user|>1+1?<|assistant|><think>\n", "ok</think>\n\n2<|end|>"),
        ("<|user|>1+1?<|assistant|>It is 2.<|end|><|user|>sure?<|assistant|><think>\n",
         "yes</think>\n\nSure.<|end|>"),
        ("abc", "def<|end|>"),
        (turn("json"), "braces</think>\n\n{\"n\":7}<|end|>"),
        (turn("1+\n1?"), "adding</think>\n\n2, in two parts<|end|>"),
        (turn("long"), "x" * 5000 + "</think>end<|end|>"),
    ]

    def setUp(self):
        self.client = openai.OpenAI(base_url=self.server.url + "/v1", api_key="none", max_retries=0)

    def chat(self, question, **more):
        messages = question if isinstance(question, list) else [{"role": "user", "content": question}]
        return self.client.chat.completions.create(model="scripted", messages=messages, **more)

    def stream(self, question, **more):
        chunks = list(self.chat(question, stream=True, **more))
        deltas = [choice.delta for chunk in chunks for choice in chunk.choices]
        text = "".join(delta.content or "" for delta in deltas)
        reasoning = "".join(getattr(delta, "reasoning_content", None) or "" for delta in deltas)
        return chunks, text, reasoning

    def refused(self, error, field, **fields):
        with self.assertRaises(error) as caught:
            self.chat("1+1?", **fields)
        self.assertEqual(caught.exception.param, field)
        return caught.exception

    def test_a_chat(self):
        reply = self.chat("1+1?")
        self.assertEqual(reply.choices[0].message.content, "It is 2.")
        self.assertEqual(reply.choices[0].message.role, "assistant")
        self.assertEqual(reply.choices[0].finish_reason, "stop")
        self.assertEqual(reply.object, "chat.completion")
        self.assertEqual(reply.model, "scripted")

    def test_reasoning_under_both_names(self):
        message = self.chat("1+1?").choices[0].message
        self.assertEqual(message.reasoning_content, "adding\n")
        self.assertEqual(message.reasoning, "adding\n")

    def test_usage(self):
        usage = self.chat("1+1?").usage
        self.assertEqual(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens)
        self.assertEqual(usage.completion_tokens_details.reasoning_tokens, 8)
        self.assertIsNotNone(usage.prompt_tokens_details.cached_tokens)

    def test_streaming_equals_plain(self):
        for question in ("1+1?", "umlaut"):
            message = self.chat(question).choices[0].message
            _, text, reasoning = self.stream(question)
            self.assertEqual(text, message.content)
            self.assertEqual(reasoning, message.reasoning_content)

    def test_stream_usage_in_the_last_chunk(self):
        chunks, _, _ = self.stream("1+1?", stream_options={"include_usage": True})
        self.assertEqual(chunks[-1].choices, [])
        self.assertEqual(chunks[-1].usage, self.chat("1+1?").usage.model_copy(
            update={"prompt_tokens_details": chunks[-1].usage.prompt_tokens_details}))
        self.assertTrue(all(chunk.usage is None for chunk in chunks[:-1]))

    def test_stream_ends_once(self):
        chunks, _, _ = self.stream("1+1?")
        ends = [c.finish_reason for chunk in chunks for c in chunk.choices if c.finish_reason]
        self.assertEqual(ends, ["stop"])
        self.assertEqual(len({chunk.id for chunk in chunks}), 1)

    def test_system_message(self):
        reply = self.chat([{"role": "system", "content": "Be brief."},
                           {"role": "user", "content": "1+1?"}])
        self.assertEqual(reply.choices[0].message.content, "2")

    def test_history_without_its_thoughts(self):
        for thought in ({}, {"reasoning_content": "adding"}, {"reasoning": "adding"}):
            reply = self.chat([{"role": "user", "content": "1+1?"},
                               {"role": "assistant", "content": "It is 2.", **thought},
                               {"role": "user", "content": "sure?"}])
            self.assertEqual(reply.choices[0].message.content, "Sure.")

    def test_content_as_parts(self):
        reply = self.chat([{"role": "user", "content": [{"type": "text", "text": "1+"},
                                                        {"type": "text", "text": "1?"}]}])
        self.assertEqual(reply.choices[0].message.content, "2, in two parts")

    def test_tool_call(self):
        reply = self.chat("weather?", tools=[WEATHER])
        call = reply.choices[0].message.tool_calls[0]
        self.assertEqual(call.function.name, "weather")
        self.assertEqual(json.loads(call.function.arguments), {"city": "Paris"})
        self.assertEqual(reply.choices[0].finish_reason, "tool_calls")

    def test_tool_call_streamed(self):
        chunks, text, _ = self.stream("weather?", tools=[WEATHER])
        calls = [call for chunk in chunks for choice in chunk.choices
                 for call in choice.delta.tool_calls or []]
        self.assertEqual("".join(call.function.name or "" for call in calls), "weather")
        self.assertEqual(json.loads("".join(call.function.arguments or "" for call in calls)),
                         {"city": "Paris"})
        self.assertEqual(text, "")

    def test_tool_result_goes_back(self):
        reply = self.chat([
            {"role": "user", "content": "weather?"},
            {"role": "assistant", "content": None, "tool_calls": [
                {"id": "call_1", "type": "function",
                 "function": {"name": "weather", "arguments": "{\"city\": \"Paris\"}"}}]},
            {"role": "tool", "tool_call_id": "call_1", "content": "sunny"}], tools=[WEATHER])
        self.assertEqual(reply.choices[0].message.content, "It is sunny.")

    def test_tools_not_wanted_are_text(self):
        reply = self.chat("weather?", tools=[WEATHER], tool_choice="none")
        self.assertIn("<tool_call>", reply.choices[0].message.content)

    def test_a_tool_that_must_be_called(self):
        """The script says something else there: the grammar goes before it."""
        choice = self.chat("1+1?", tools=[WEATHER], tool_choice={
            "type": "function", "function": {"name": "weather"}}, max_tokens=400).choices[0]
        self.assertEqual(choice.message.reasoning_content, "adding\n")
        if choice.finish_reason == "tool_calls":
            self.assertEqual(choice.message.tool_calls[0].function.name, "weather")
        else:
            self.assertTrue(choice.message.content.startswith("<tool_call>"))
        self.refused(openai.BadRequestError, "tool_choice", tools=[WEATHER], tool_choice={
            "type": "function", "function": {"name": "nothing"}})

    def test_many_answers(self):
        reply = self.chat("1+1?", n=4)
        self.assertEqual([choice.index for choice in reply.choices], [0, 1, 2, 3])
        self.assertEqual({choice.message.content for choice in reply.choices}, {"It is 2."})

    def test_logprobs(self):
        content = self.chat("1+1?", logprobs=True, top_logprobs=3).choices[0].logprobs.content
        self.assertIn("It is 2.", b"".join(bytes(token.bytes) for token in content).decode())
        self.assertTrue(all(len(token.top_logprobs) == 3 for token in content))
        self.assertTrue(all(token.logprob <= 0 for token in content))

    def test_stop(self):
        choice = self.chat("1+1?", stop=[" 2", "never"]).choices[0]
        self.assertEqual(choice.message.content, "It is")
        self.assertEqual(choice.finish_reason, "stop")

    def test_max_tokens_inside_the_thought(self):
        choice = self.chat("1+1?", max_completion_tokens=3).choices[0]
        self.assertEqual(choice.finish_reason, "length")
        self.assertEqual(choice.message.content, "")
        self.assertTrue(choice.reasoning_truncated)

    def test_json_schema(self):
        schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"],
                  "additionalProperties": False}
        reply = self.chat("json", response_format={
            "type": "json_schema", "json_schema": {"name": "n", "schema": schema, "strict": True}})
        self.assertEqual(json.loads(reply.choices[0].message.content), {"n": 7})
        self.assertEqual(reply.choices[0].message.reasoning_content, "braces")

    def test_seed(self):
        replies = [self.chat("umlaut", temperature=1.5, seed=seed) for seed in (5, 5, 2**40)]
        self.assertEqual({reply.choices[0].message.content for reply in replies}, {"Über 思考 🙂."})
        self.refused(openai.BadRequestError, "seed", extra_body={"seed": "seven"})

    def test_no_thinking(self):
        reply = self.chat("1+1?", reasoning_effort="none", max_tokens=20)
        self.assertEqual(reply.usage.completion_tokens_details.reasoning_tokens, 0)

    def test_timings(self):
        timings = self.chat("1+1?").model_extra["timings"]
        self.assertGreater(timings["first_token_s"], 0)

    def test_completion(self):
        reply = self.client.completions.create(model="scripted", prompt="abc", max_tokens=10)
        self.assertEqual(reply.choices[0].text, "def")
        self.assertEqual(reply.object, "text_completion")

    def test_completion_echo_and_stream(self):
        reply = self.client.completions.create(model="scripted", prompt=["abc", "abc"], echo=True,
                                               max_tokens=10)
        self.assertEqual([choice.text for choice in reply.choices], ["abcdef", "abcdef"])
        chunks = self.client.completions.create(model="scripted", prompt="abc", stream=True,
                                                max_tokens=10)
        self.assertEqual("".join(c.text for chunk in chunks for c in chunk.choices), "def")

    def test_models(self):
        self.assertEqual([model.id for model in self.client.models.list()], ["scripted", "other"])
        self.assertEqual(self.client.models.retrieve("other").id, "other")
        with self.assertRaises(openai.NotFoundError):
            self.client.models.retrieve("nothing")

    def test_embeddings_are_refused_clearly(self):
        with self.assertRaises(openai.APIStatusError) as caught:
            self.client.embeddings.create(model="scripted", input="a")
        self.assertEqual(caught.exception.status_code, 501)

    def test_errors_name_the_field(self):
        self.refused(openai.BadRequestError, "temperature", temperature=3)
        self.refused(openai.BadRequestError, "n", n=1000)
        self.refused(openai.BadRequestError, "top_p", top_p=0)
        self.refused(openai.BadRequestError, "max_tokens", max_tokens=0)
        self.refused(openai.BadRequestError, "response_format", response_format={
            "type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "nothing"}}})

    def test_unknown_model(self):
        with self.assertRaises(openai.NotFoundError):
            self.client.chat.completions.create(model="gpt-4", messages=[
                {"role": "user", "content": "hi"}])

    def test_prompt_too_long(self):
        with self.assertRaises(openai.BadRequestError) as caught:
            self.chat("y" * 30000)
        self.assertEqual(caught.exception.code, "context_length_exceeded")
        self.assertGreater(caught.exception.body["prompt_tokens"], 30000)

    def test_cancelling_a_stream(self):
        stream = self.chat("long", stream=True, extra_body={"loop_guard": False})
        next(iter(stream))
        stream.close()  # and the class's end counts the blocks

    def test_sixteen_at_once(self):
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            replies = list(pool.map(lambda _: self.chat("umlaut").choices[0].message, range(16)))
        self.assertEqual({reply.content for reply in replies}, {"Über 思考 🙂."})
        self.assertEqual({reply.reasoning_content for reply in replies}, {"grübeln 思考"})

    def test_responses(self):
        reply = self.client.responses.create(model="scripted", input="1+1?")
        self.assertEqual(reply.output_text, "It is 2.")
        self.assertEqual(reply.status, "completed")
        self.assertEqual(reply.output[0].type, "reasoning")
        self.assertGreater(reply.usage.output_tokens, 0)

    def test_responses_streamed(self):
        text, kinds = "", []
        for event in self.client.responses.create(model="scripted", input="1+1?", stream=True):
            kinds.append(event.type)
            if event.type == "response.output_text.delta":
                text += event.delta
        self.assertEqual(text, "It is 2.")
        self.assertEqual((kinds[0], kinds[-1]), ("response.created", "response.completed"))


if __name__ == "__main__":
    unittest.main()
