"""Reads what was exported with the packages that people read datasets with, and writes files with them to be imported.

usage: roundtrip.py FOLDER

FOLDER has a folder for each type of question, with what the writers wrote. What the packages make of it goes to
FOLDER/report.json; files that the packages write go to FOLDER/theirs.
"""

import contextlib
import io
import json
import pathlib
import random
import sys
import warnings

warnings.simplefilter("ignore")

import datasets
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from crowdkit.aggregation import DawidSkene, MajorityVote
from huggingface_hub import DatasetCard
from label_studio_sdk.converter import brush
from label_studio_sdk.label_interface import LabelInterface
from PIL import Image
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO


def plain(value):
    """What JSON can say of a value."""
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [plain(member) for member in value]
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, Image.Image):
        return {"size": list(value.size), "pixel": value.convert("L").getpixel((1, 1))}
    if hasattr(value, "isoformat"):
        return value.isoformat(timespec="milliseconds")
    return value


def hugging_face(folder):
    loaded = datasets.load_dataset(str(folder), split="train", cache_dir=str(folder.parent / "cache"))
    features = {name: str(f) for name, f in loaded.features.items()}
    if "audio" in features:  # what decodes sound is not installed
        loaded = loaded.cast_column("audio", datasets.Audio(decode=False))
    bare = datasets.Features.from_arrow_schema(pq.read_schema(next(folder.glob("data/*.parquet"))))
    parquet = pq.ParquetFile(next(folder.glob("data/*.parquet")))
    for group in range(parquet.metadata.num_row_groups):
        for column in range(parquet.metadata.num_columns):
            chunk = parquet.metadata.row_group(group).column(column)
            assert chunk.has_offset_index and chunk.has_column_index, chunk
    card = DatasetCard.load(folder / "README.md").data.to_dict()
    card.pop("dataset_info")
    # A file without its card has the columns too, and the classes of labels.
    assert list(bare) == list(features), (bare, features)
    if isinstance(loaded.features.get("label"), datasets.ClassLabel):
        assert bare["label"] == loaded.features["label"], bare
    return {"rows": [plain(row) for row in loaded], "features": features, "card": card}


def coco(file):
    with contextlib.redirect_stdout(io.StringIO()):
        loaded = COCO(str(file))
    images = []
    for image in loaded.loadImgs(sorted(loaded.getImgIds())):
        regions = []
        for region in loaded.loadAnns(loaded.getAnnIds(imgIds=[image["id"]])):
            bits = loaded.annToMask(region)
            assert bits.shape == (image["height"], image["width"])
            regions.append(
                {
                    "class": loaded.loadCats([region["category_id"]])[0]["name"],
                    "bbox": region["bbox"],
                    "area": region["area"],
                    "pixels": int(bits.sum()),
                    "box": [int(n) for n in coco_mask.toBbox(loaded.annToRLE(region))],
                    "columns": bits.flatten(order="F").tolist(),
                }
            )
        images.append({"key": image["tasknet_key"], "regions": regions})
    return images


def label_studio(config, file):
    interface = LabelInterface(config.read_text())
    assert interface.is_valid, config
    tasks = []
    for task in json.loads(file.read_text()):
        missing = [tag.name for tag in interface.objects if tag.value_name not in task["data"]]
        assert not missing, (file, missing)
        annotations = []
        for annotation in task["annotations"]:
            assert "completed_by" not in annotation
            problems = interface._validate_object(annotation, return_errors=True)
            assert not problems, (file, problems)
            masks = []
            for region in annotation["result"]:
                if region["type"] == "brushlabels":
                    bits = brush.decode_rle(region["value"]["rle"])
                    bits = bits.reshape(region["original_height"], region["original_width"], 4)[:, :, 3]
                    masks.append((bits.flatten(order="F") > 0).astype(int).tolist())
            annotations.append({"truth": annotation["ground_truth"], "skipped": annotation["was_cancelled"], "values": [r["value"] for r in annotation["result"]], "masks": masks})
        for a in annotations:
            for v in a["values"]:
                v.pop("rle", None)
        tasks.append({"key": task["data"]["key"], "meta": task["meta"], "annotations": annotations})
    return tasks


def crowd_kit(file):
    answers = pd.read_csv(file)
    assert list(answers.columns[:3]) == ["task", "worker", "label"], answers.columns
    told = answers[answers.label != "cannot_tell"]
    return {
        "answers": len(answers),
        "majority": MajorityVote().fit_predict(told).to_dict(),
        "dawid_skene": DawidSkene(n_iter=20).fit_predict(told).to_dict(),
    }


def theirs(folder):
    """Writes files as the packages write them, and what is in them."""
    folder.mkdir()
    random.seed(7)
    width, height = 37, 23
    bits = np.zeros((height, width), dtype=np.uint8)
    bits[3:9, 5:20] = 1
    bits[7:15, 18:37] = 1
    bits[22, 0] = 1
    rle = coco_mask.encode(np.asfortranarray(bits))
    loose = {"size": [height, width], "counts": []}
    run, last = 0, 0
    for bit in bits.flatten(order="F"):
        if bit != last:
            loose["counts"].append(run)
            run, last = 0, int(bit)
        run += 1
    loose["counts"].append(run)
    picture = {"id": 9, "width": width, "height": height, "file_name": "a/9.png"}
    categories = [{"id": 3, "name": "bird"}, {"id": 1, "name": "cat"}]
    region = {"image_id": 9, "iscrowd": 0, "area": int(bits.sum()), "bbox": coco_mask.toBbox(rle).tolist()}
    packed = {"size": rle["size"], "counts": rle["counts"].decode()}
    (folder / "coco.json").write_text(
        json.dumps(
            {
                "images": [picture],
                "annotations": [dict(region, id=1, category_id=1, segmentation=packed), dict(region, id=2, category_id=3, segmentation=loose)],
                "categories": categories,
            }
        )
    )

    config = (folder.parent / "mask" / "config.xml").read_text()
    interface = LabelInterface(config)
    result = {
        "id": "r1", "type": "brushlabels", "from_name": "label", "to_name": "image", "original_width": width, "original_height": height,
        "value": {"format": "rle", "rle": brush.mask2rle(bits * 255), "brushlabels": ["bird"]},
    }
    annotation = {"completed_by": 1, "result": [result]}
    assert not interface._validate_object(annotation, return_errors=True)
    (folder / "studio.json").write_text(json.dumps([{"id": 4, "data": {"image": "9.png", "text": "?"}, "annotations": [annotation]}]))

    pictures = [Image.new("L", (6, 5), shade) for shade in (10, 200)]
    features = datasets.Features({"image": datasets.Image(), "label": datasets.ClassLabel(names=["cat", "bird"]), "text": datasets.Value("string"), "options": datasets.List(datasets.Value("string"))})
    made = datasets.Dataset.from_dict({"image": pictures, "label": [1, 0], "text": ["one", "two"], "options": [["x"], []]}, features=features)
    made.to_parquet(str(folder / "hugging.parquet"))
    made.remove_columns("image").to_json(str(folder / "hugging.jsonl"))
    made.remove_columns(["image", "options"]).to_csv(str(folder / "hugging.csv"))
    return {"counts": loose["counts"]}


def main():
    folder = pathlib.Path(sys.argv[1])
    report = {}
    for kind in sorted(path for path in folder.iterdir() if path.is_dir()):
        seen = report[kind.name] = {"hugging_face": hugging_face(kind / "dataset"), "label_studio": label_studio(kind / "config.xml", kind / "studio.json")}
        if (kind / "coco.json").exists():
            seen["coco"] = coco(kind / "coco.json")
        seen["crowd_kit"] = crowd_kit(kind / "answers.csv")
    report["disputed"] = {"crowd_kit": crowd_kit(folder / "disputed.csv")}
    report["theirs"] = theirs(folder / "theirs")
    (folder / "report.json").write_text(json.dumps(report))


main()
