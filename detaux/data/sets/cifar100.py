"""CIFAR-100: small photographs of a hundred kinds of things, five in each of twenty groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.official.cifar import CifarArchive, open_cifar
from detaux.data.official.file import OfficialFile
from detaux.data.official.labelled import LabelledFacts
from detaux.data.registries import datasets

_FINE = """
apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish
forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle
mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine
possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar
sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle wardrobe whale
willow_tree wolf woman worm
"""
_COARSE = """
aquatic_mammals fish flowers food_containers fruit_and_vegetables household_electrical_devices household_furniture
insects large_carnivores large_man-made_outdoor_things large_natural_outdoor_scenes large_omnivores_and_herbivores
medium_mammals non-insect_invertebrates people reptiles small_mammals trees vehicles_1 vehicles_2
"""
_FACTS = LabelledFacts(
    name="cifar100",
    class_names={"fine": tuple(_FINE.split()), "coarse": tuple(_COARSE.split())},
    num_images={"train": 50_000, "test": 10_000},
    licence="none stated; its authors ask to be cited",
    source="Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images, cs.toronto.edu/~kriz/cifar.html",
)
_ARCHIVE = CifarArchive(
    file=OfficialFile(
        name="cifar-100-binary.tar.gz",
        urls=("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",),
        algorithm="sha256",
        digest="58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
        size=168_513_733,
    ),
    members={"cifar-100-binary/train.bin": 50_000, "cifar-100-binary/test.bin": 10_000},
    labels=("coarse", "fine"),
)


@datasets.register(
    "cifar100",
    summary="CIFAR-100, 60,000 colour photographs of 32 px in 100 classes and 20 groups, from the official archive",
    source=_FACTS.source,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Cifar100:
    """Options of CIFAR-100, whose factors are `fine`, the class, and `coarse`, its group.

    Raises:
        ValueError: If `image_size` is below 1.
    """

    licence: ClassVar[str] = _FACTS.licence
    num_images: ClassVar[int | None] = _FACTS.total_images

    image_size: int = 32
    """Rows and columns; the originals have 32, others are resized by bilinear interpolation."""
    path: str | None = None
    """Of the official cifar-100-binary.tar.gz; without it, the file is looked for in the cache folder."""

    def __post_init__(self) -> None:
        if self.image_size < 1:
            raise ValueError(f"image_size must be at least 1, found {self.image_size}")

    def official_files(self) -> tuple[OfficialFile, ...]:
        """Return the files that these options need."""
        return (_ARCHIVE.file,)

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set, train images first, converting the archive if that has not been done.

        Raises:
            DataError: If the archive is needed, and missing, damaged or another file.
        """
        return open_cifar(_FACTS, _ARCHIVE, self.path, self.image_size, progress or Announcer())
