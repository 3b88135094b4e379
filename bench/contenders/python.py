# What a Python programmer writes: lines, each through a JSON parser.
#   python3 bench/contenders/python.py json|orjson cost|slowest lines|flat FILE
import importlib
import sys

parser, question, form, path = sys.argv[1:5]
loads = importlib.import_module(parser).loads

USER, INPUT, OUTPUT, COST = 'user.id', 'gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens', 'gen_ai.usage.cost'
WANTED = {USER, INPUT, OUTPUT, COST}
traces = {}


def trace_of(trace_id):
    trace = traces.get(trace_id)
    if trace is None:
        trace = traces[trace_id] = {'user': None, 'sums': [0, 0, 0, 0.0], 'start': None, 'end': None, 'spans': 0}
    return trace


def add_call(trace, is_root, values):
    if is_root:
        trace['user'] = values.get(USER)
    if INPUT in values:
        for index, value in enumerate((1, int(values[INPUT]), int(values[OUTPUT]), values[COST])):
            trace['sums'][index] += value


def add_time(trace, start, end):
    trace['spans'] += 1
    if trace['start'] is None or start < trace['start']:
        trace['start'] = start
    if trace['end'] is None or end > trace['end']:
        trace['end'] = end


def add_request(request):
    for resource_spans in request['resourceSpans']:
        for scope_spans in resource_spans['scopeSpans']:
            for span in scope_spans['spans']:
                trace = trace_of(span['traceId'])
                if question == 'slowest':
                    add_time(trace, int(span['startTimeUnixNano']), int(span['endTimeUnixNano']))
                    continue
                values = {}
                for attribute in span['attributes']:
                    if attribute['key'] in WANTED:
                        values[attribute['key']] = next(iter(attribute['value'].values()))
                add_call(trace, not span['parentSpanId'], values)


def add_span(span):
    trace = trace_of(span['trace_id'])
    if question == 'slowest':
        add_time(trace, span['start_time_unix_nano'], span['end_time_unix_nano'])
    else:
        add_call(trace, span['parent_span_id'] is None, span['attributes'])


add = add_request if form == 'lines' else add_span
with open(path, 'rb') as file:
    for line in file:
        add(loads(line))

if question == 'cost':
    users = {}
    for trace in traces.values():
        sums = users.setdefault(trace['user'], [0, 0, 0, 0.0])
        for index, value in enumerate(trace['sums']):
            sums[index] += value
    for user, sums in users.items():
        print(user, *sums, sep='\t')
else:
    rows = [(trace['end'] - trace['start'], trace_id, trace['spans']) for trace_id, trace in traces.items()]
    for duration, trace_id, spans in sorted(rows, reverse=True)[:10]:
        print(trace_id, duration, spans, sep='\t')
