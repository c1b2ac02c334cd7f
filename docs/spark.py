"""Reads stories with Spark: JSON Lines in, records as Parquet out.

    python3 docs/spark.py --archive target/release/archive stories/*.jsonl records.parquet

Each line of the input is an object with a story's text under `text` (or its bytes in Base64 under
`base64`) and what names it under `id`. Each partition is piped through one `archive parse --from
jsonl`, which answers line by line. The output has one row a story: what was given, the story as a
struct with the schema of `archive schema --format spark`, and what went wrong, if anything did.
"""
import argparse
import json
import shlex
import subprocess

from pyspark.sql import SparkSession
from pyspark.sql import functions as f
from pyspark.sql.types import ArrayType, MapType, StringType, StructField, StructType


def answer_schema(archive):
    """Returns the schema of a line that `archive parse --from jsonl` answers."""
    printed = subprocess.check_output([archive, "schema", "--format", "spark"])
    story = StructType.fromJson(json.loads(printed))
    return StructType(
        [
            StructField("given", MapType(StringType(), StringType())),
            StructField("stories", ArrayType(story)),
            StructField("error", StringType()),
        ]
    )


def read_stories(spark, paths, archive, keep=(), partitions=None, options=()):
    """Returns a row for each story, and a row with an error for each line that has none."""
    lines = spark.read.text(paths).select("value").rdd.map(lambda row: row.value)
    if partitions:
        lines = lines.repartition(partitions)
    command = [archive, "parse", "--from", "jsonl", "--errors", "inline", "--threads", "1"]
    if keep:
        command += ["--keep", ",".join(keep)]
    # `checkCode` fails the job if the program does: no row is lost in silence.
    answers = lines.pipe(shlex.join([*command, *options, "-"]), checkCode=True)
    rows = spark.createDataFrame(answers.map(lambda line: (line,)), "line string")
    parsed = rows.select(f.from_json("line", answer_schema(archive)).alias("answer"))
    exploded = parsed.select(
        "answer.given", "answer.error", f.explode_outer("answer.stories").alias("story")
    )
    return exploded


def main():
    """Writes the records of the lines of some files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("inputs", nargs="+", help="files of JSON Lines")
    parser.add_argument("output", help="directory for the Parquet files")
    parser.add_argument("--archive", default="archive", help="the program")
    parser.add_argument("--keep", default="", help="keys to hand back, with commas between")
    parser.add_argument("--partitions", type=int, help="pieces to work on; each is one process")
    args = parser.parse_args()
    spark = SparkSession.builder.appName("archive").getOrCreate()
    keep = [key for key in args.keep.split(",") if key]
    rows = read_stories(spark, args.inputs, args.archive, keep, args.partitions)
    rows.write.mode("overwrite").parquet(args.output)
    written = spark.read.parquet(args.output)
    failed = written.filter("error is not null").count()
    print(f"{written.count() - failed} stories, {failed} lines without one")
    spark.stop()


if __name__ == "__main__":
    main()
