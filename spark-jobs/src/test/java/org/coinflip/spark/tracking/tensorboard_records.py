"""The records that TensorBoard's own writer makes of three events, for TensorBoardFileTest: python tensorboard_records.py (tensorboard 2.21)."""
import io

from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter


def record(event):
    out = io.BytesIO()
    RecordWriter(out).write(event.SerializeToString())
    return out.getvalue().hex()


def scalar(tag, value, step, seconds):
    summary = summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=tag, simple_value=value)])
    return event_pb2.Event(wall_time=seconds, step=step, summary=summary)


print(record(event_pb2.Event(wall_time=1.5, file_version="brain.Event:2")))
print(record(scalar("valid.error", 0.25, 7, 1.5)))
print(record(scalar("ε", float("nan"), 123456789012, 1700000000.125)))
