"""The analyzer, which comes as WebAssembly and speaks protocol buffers: load it, give it tables, hand it statements."""

import ctypes
import os

import tzdata
import wasmtime
from zetasql.wasi import get_wasm_path
from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service
from zetasql.wasi._pb2.zetasql.proto import options_pb2, simple_catalog_pb2
from zetasql.wasi._pb2.zetasql.public import type_pb2

# Types that the analyzer calls otherwise than BigQuery does.
KINDS = {"FLOAT64": "DOUBLE", "FLOAT": "DOUBLE", "INTEGER": "INT64", "BOOLEAN": "BOOL", "RECORD": "STRUCT"}


class Refused(Exception):
    """The analyzer does not accept the statement."""


class Module:
    """The compiled module, and calls into it."""

    def __init__(self, cache):
        config = wasmtime.Config()
        config.shared_memory = True
        self.engine = wasmtime.Engine(config)
        self.module = self.compiled(cache)
        self.linker = wasmtime.Linker(self.engine)
        self.linker.define_wasi()
        self.start()

    def compiled(self, cache):
        """Compiling takes most of a minute, so the result is kept; written aside first, lest half of it is found."""
        if os.path.exists(cache):
            return wasmtime.Module.deserialize_file(self.engine, cache)
        module = wasmtime.Module.from_file(self.engine, str(get_wasm_path()))
        with open(cache + ".part", "wb") as file:
            file.write(module.serialize())
        os.replace(cache + ".part", cache)
        return module

    def start(self):
        world = wasmtime.WasiConfig()
        world.preopen_dir(os.path.join(os.path.dirname(tzdata.__file__), "zoneinfo"), "/usr/share/zoneinfo")
        self.store = wasmtime.Store(self.engine)
        self.store.set_wasi(world)
        self.exports = self.linker.instantiate(self.store, self.module).exports(self.store)
        self.run("_initialize")

    def run(self, name, *arguments):
        return self.exports[name](self.store, *arguments)

    def address(self, pointer):
        return ctypes.addressof(self.exports["memory"].data_ptr().contents) + pointer

    def read(self, pointer, size):
        return ctypes.string_at(self.address(pointer), size)

    def call(self, method, request, response):
        """One call of the service. Bytes go in through the module's own memory, and come out the same way."""
        sent = request.SerializeToString()
        size = self.run("wasm_malloc", 4)
        buffer = self.run("wasm_malloc", max(1, len(sent)))
        ctypes.memmove(self.address(buffer), sent, len(sent))
        received = self.run("ZetaSqlLocalService_" + method, buffer, len(sent), size)
        if received == 0:
            said = self.read(self.run("wasm_get_last_error"), self.run("wasm_get_last_error_size"))
            raise Refused(said.decode("utf-8", "replace"))
        answer = response.FromString(self.read(received, int.from_bytes(self.read(size, 4), "little")))
        for pointer in (received, buffer, size):
            self.run("wasm_free", pointer)
        return answer


class Analyzer:
    def __init__(self, cache):
        self.module = Module(cache)
        request = service.LanguageOptionsRequest(maximum_features=True)
        self.language = self.module.call("GetLanguageOptions", request, options_pb2.LanguageOptionsProto)
        # QUALIFY is the one word that BigQuery reserves beyond the analyzer's own.
        del self.language.reserved_keywords[:]
        self.language.reserved_keywords.append("QUALIFY")
        # None listed means all: otherwise only queries are accepted.
        del self.language.supported_statement_kinds[:]

    def use_catalog(self, tables):
        request = service.RegisterCatalogRequest(simple_catalog=catalog(tables, self.language))
        self.catalog = self.module.call("RegisterCatalog", request, service.RegisterResponse).registered_id

    def analyze(self, statement):
        request = service.AnalyzeRequest(sql_statement=statement, registered_catalog_id=self.catalog)
        request.options.language_options.CopyFrom(self.language)
        request.options.prune_unused_columns = True
        request.options.allow_undeclared_parameters = True
        try:
            return self.module.call("Analyze", request, service.AnalyzeResponse).resolved_statement
        except wasmtime.Trap as trap:
            raise SystemExit(f"the analyzer broke down on: {statement}\n{trap}")


def catalog(tables, language):
    """Catalogs within catalogs, since `a.b.c`, a.b.c and `a.b`.c are one table to BigQuery and different paths here."""
    root = simple_catalog_pb2.SimpleCatalogProto(name="root")
    root.builtin_function_options.language_options.CopyFrom(language)
    folders = {(): root}

    def folder(path):
        if path not in folders:
            folders[path] = folder(path[:-1]).catalog.add(name=path[-1])
        return folders[path]

    number = 0
    for table in tables:
        for path in (joined for parts in table["paths"] for joined in groupings(tuple(parts))):
            number += 1
            made = folder(path[:-1]).table.add(name=path[-1], name_in_catalog=path[-1], full_name=table["name"])
            made.serialization_id = number
            for is_pseudo, columns in ((False, table["columns"]), (True, table["pseudo"])):
                for column in columns:
                    made.column.add(name=column["name"], is_pseudo_column=is_pseudo).type.CopyFrom(column_type(column))
    return root


def groupings(parts):
    """All ways to write a path in backticks: (a, b), (a.b)."""
    if len(parts) == 1:
        return [parts]
    return [way for rest in groupings(parts[1:]) for way in ((parts[0],) + rest, (parts[0] + "." + rest[0],) + rest[1:])]


def column_type(column):
    one = type_pb2.TypeProto()
    name = KINDS.get(column["type"], column["type"]).split("<")[0].split("(")[0]
    # A type that BigQuery does not have is a mistake that an example shows: which stands in its place does not matter.
    one.type_kind = getattr(type_pb2, "TYPE_" + name, type_pb2.TYPE_STRING)
    if name == "STRUCT":
        for field in column["fields"]:
            one.struct_type.field.add(field_name=field["name"]).field_type.CopyFrom(column_type(field))
    if not column.get("repeated"):
        return one
    many = type_pb2.TypeProto(type_kind=type_pb2.TYPE_ARRAY)
    many.array_type.element_type.CopyFrom(one)
    return many
