# jq -nrf bench/contenders/cost.jq spans.jsonl
reduce (inputs | .resourceSpans[].scopeSpans[].spans[]) as $span ({};
  ( $span.attributes
    | map(select(.key | IN("user.id", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.usage.cost")))
    | map({key, value: (.value | .stringValue // .intValue // .doubleValue)})
    | from_entries ) as $values
  | if $span.parentSpanId == "" then .[$span.traceId].user = $values["user.id"] else . end
  | if $values["gen_ai.usage.input_tokens"] then
      .[$span.traceId] |= (
        .calls += 1
        | .input += ($values["gen_ai.usage.input_tokens"] | tonumber)
        | .output += ($values["gen_ai.usage.output_tokens"] | tonumber)
        | .cost += $values["gen_ai.usage.cost"] )
    else . end )
| reduce .[] as $trace ({};
    .[$trace.user] |= (.calls += $trace.calls | .input += $trace.input | .output += $trace.output | .cost += $trace.cost))
| to_entries[] | select(.value.calls) | [.key, .value.calls, .value.input, .value.output, .value.cost] | @tsv
