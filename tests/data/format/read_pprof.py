"""read_pprof.py FILE: what a decoder of protocol buffers finds in a packed profile, as JSON.

The messages are those of profile.proto (github.com/google/pprof), fields by name, number and type.
"""

import gzip
import json
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

FIELDS = {
    "ValueType": "type:1:int64 unit:2:int64",
    "Sample": "location_id:1:uint64* value:2:int64*",
    "Line": "function_id:1:uint64 line:2:int64",
    "Location": "id:1:uint64 mapping_id:2:uint64 address:3:uint64 line:4:Line* is_folded:5:bool",
    "Function": "id:1:uint64 name:2:int64 system_name:3:int64 filename:4:int64 start_line:5:int64",
    "Profile": "sample_type:1:ValueType* sample:2:Sample* location:4:Location* function:5:Function* "
    "string_table:6:string* drop_frames:7:int64 keep_frames:8:int64 time_nanos:9:int64 "
    "duration_nanos:10:int64 period_type:11:ValueType period:12:int64 comment:13:int64* "
    "default_sample_type:14:int64",
}


def profile_class():
    file = descriptor_pb2.FileDescriptorProto(name="profile.proto", package="p", syntax="proto3")
    kinds = descriptor_pb2.FieldDescriptorProto
    for message, fields in FIELDS.items():
        described = file.message_type.add(name=message)
        for field in fields.split():
            name, number, kind = field.split(":")
            bare = kind.rstrip("*")
            label = kinds.LABEL_REPEATED if kind != bare else kinds.LABEL_OPTIONAL
            added = described.field.add(name=name, number=int(number), label=label)
            if bare in FIELDS:
                added.type, added.type_name = kinds.TYPE_MESSAGE, ".p." + bare
            else:
                added.type = getattr(kinds, "TYPE_" + bare.upper())
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("p.Profile"))


with gzip.open(sys.argv[1]) as packed:
    profile = profile_class().FromString(packed.read())
unknown = len(profile.SerializeToString())
profile.DiscardUnknownFields()
assert unknown == len(profile.SerializeToString()), "a field that profile.proto does not know"
text = profile.string_table
assert text[0] == ""
functions = {function.id: function for function in profile.function}
locations = {location.id: location for location in profile.location}
stacks = {}
for sample in profile.sample:
    names = [text[functions[locations[at].line[0].function_id].name] for at in sample.location_id]
    stack = ";".join(reversed(names))
    stacks[stack] = stacks.get(stack, 0) + sample.value[0]
print(
    json.dumps(
        {
            "sample_type": [[text[kind.type], text[kind.unit]] for kind in profile.sample_type],
            "stacks": stacks,
            "functions": {
                text[one.name]: [text[one.filename], one.start_line] for one in profile.function
            },
        }
    )
)
