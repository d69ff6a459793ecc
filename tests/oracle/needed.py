"""The columns that an analyzed statement needs of each table.

The analyzer's own pruning is local: it keeps every column that a WITH, an aggregate or a branch of UNION ALL produces,
whether or not anything reads it. Here a column counts when something that counts reads it, down from the output of the
statement. Marking a column can make others count, so the tree is walked until nothing new is marked.
"""

from google.protobuf.message import Message


def children(node):
    for field, value in node.ListFields():
        if field.type == field.TYPE_MESSAGE:
            for child in [value] if isinstance(value, Message) else value:
                yield field.name, child


def kind(node):
    return node.DESCRIPTOR.name.removeprefix("Resolved").removesuffix("Proto")


def concrete(node):
    """Nodes of a base class come in wrappers that hold one node of some subclass."""
    while kind(node).startswith("Any"):
        inner = [child for _, child in children(node)]
        if not inner:
            return node
        node = inner[0]
    return node


def columns_of(scan):
    """The ids of what a scan produces; the list belongs to the base class, some parents up."""
    scan = concrete(scan)
    while "column_list" not in scan.DESCRIPTOR.fields_by_name:
        if "parent" not in scan.DESCRIPTOR.fields_by_name:
            return []
        scan = scan.parent
    return [column.column_id for column in scan.column_list]


def needed_columns(statement):
    walk = Walk()
    while walk.is_changed:
        walk.is_changed = False
        walk.tables = {}
        walk.visit(statement)
    return {name: sorted(columns) for name, columns in walk.tables.items()}


class Walk:
    def __init__(self):
        self.marked = set()
        self.tables = {}
        # Of each WITH query, which of its columns are read, by position; and what stands there.
        self.with_reads = {}
        self.recursive = []
        self.is_changed = True

    def mark(self, ids):
        fresh = set(ids) - self.marked
        self.marked |= fresh
        self.is_changed |= bool(fresh)

    def visit(self, node):
        node = concrete(node)
        getattr(self, kind(node), self.visit_children)(node)

    def visit_children(self, node, without=()):
        for name, child in children(node):
            if name not in without:
                self.visit(child)

    # What reads columns.

    def ColumnRef(self, node):
        self.mark([node.column.column_id])

    OutputColumn = ColumnRef

    def SubqueryExpr(self, node):
        self.mark(columns_of(node.subquery))
        self.visit_children(node)

    def AggregateScanBase(self, node):
        self.mark(concrete(key).column.column_id for key in node.group_by_list)
        self.visit_children(node)

    PivotScan = AggregateScanBase

    def UnpivotScan(self, node):
        # Every row is made of all columns.
        self.mark(computed.column.column_id for computed in node.projected_input_column_list)
        self.visit_children(node)

    def InsertStmt(self, node):
        self.mark(column.column_id for column in node.query_output_column_list)
        self.visit_children(node, without=("table_scan", "insert_column_list", "query_output_column_list"))

    # What counts only when it is read.

    def ComputedColumn(self, node):
        if node.column.column_id in self.marked:
            self.visit(node.expr)

    ComputedColumnImpl = ComputedColumn

    def AnalyticFunctionGroup(self, node):
        if any(concrete(function).column.column_id in self.marked for function in node.analytic_function_list):
            self.visit_children(node)

    def TableScan(self, node):
        read = (column.name for column in node.parent.column_list if column.column_id in self.marked)
        self.tables.setdefault(node.table.full_name, set()).update(read)
        self.visit_children(node)

    # Where columns go by position.

    def SetOperationScan(self, node):
        outputs = columns_of(node)
        keeps_all_rows = node.op_type == 0
        for item in node.input_item_list:
            self.pass_down(outputs, [column.column_id for column in item.output_column_list], keeps_all_rows)
            self.visit(item.scan)

    def pass_down(self, outputs, inputs, only_read):
        pairs = zip(outputs, inputs)
        self.mark(inner for outer, inner in pairs if not only_read or outer in self.marked)

    def WithScan(self, node):
        self.visit(node.query)
        # Later ones read earlier ones.
        for entry in reversed(node.with_entry_list):
            if entry.with_query_name in self.with_reads:
                outputs = columns_of(entry.with_subquery)
                self.mark(outputs[at] for at in self.with_reads[entry.with_query_name])
                self.visit(entry.with_subquery)

    def WithRefScan(self, node):
        read = {at for at, column in enumerate(columns_of(node)) if column in self.marked}
        self.with_reads.setdefault(node.with_query_name, set()).update(read)

    def RecursiveScan(self, node):
        outputs = columns_of(node)
        self.recursive.append(outputs)
        for item in (node.recursive_term, node.non_recursive_term):
            self.pass_down(outputs, [column.column_id for column in item.output_column_list], node.op_type == 0)
            self.visit(item.scan)
        self.recursive.pop()

    def RecursiveRefScan(self, node):
        read = (outer for outer, own in zip(self.recursive[-1], columns_of(node)) if own in self.marked)
        self.mark(read)
