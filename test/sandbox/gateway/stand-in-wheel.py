"""Writes a wheel that is called moto 5.2.1 and holds an empty moto.server: stand-in-wheel.py <folder>"""

import sys
import zipfile

INFO = "moto-5.2.1.dist-info"
FILES = {
    "moto/__init__.py": "",
    "moto/server.py": "",
    f"{INFO}/METADATA": "Metadata-Version: 2.1\nName: moto\nVersion: 5.2.1\nProvides-Extra: server\n",
    f"{INFO}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}

with zipfile.ZipFile(f"{sys.argv[1]}/moto-5.2.1-py3-none-any.whl", "w") as wheel:
    for path, text in FILES.items():
        wheel.writestr(path, text)
    wheel.writestr(f"{INFO}/RECORD", "".join(f"{path},,\n" for path in [*FILES, f"{INFO}/RECORD"]))
