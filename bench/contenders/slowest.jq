# jq -nrf bench/contenders/slowest.jq spans.jsonl
# Numbers are doubles, so the seconds are cut off before nanoseconds become numbers: the corpus lasts less than a century.
reduce (inputs | .resourceSpans[].scopeSpans[].spans[]) as $span ({};
  .[$span.traceId] |= (
    .spans += 1
    | .start = ([.start // $span.startTimeUnixNano, $span.startTimeUnixNano] | min)
    | .end = ([.end // $span.endTimeUnixNano, $span.endTimeUnixNano] | max) ))
| to_entries
| map([.key, (.value.end[3:] | tonumber) - (.value.start[3:] | tonumber), .value.spans])
| sort_by(-.[1])[:10][] | @tsv
