"""Runs the graph of a trained model one node after the other.

Rasa's own runner builds a new graph and hands it to dask for every message and every prediction. A
model's graph never changes after loading, so that the order can be found once for each set of targets.
"""

from __future__ import annotations

from typing import Any, Self

from rasa.engine.exceptions import GraphComponentException
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import RasaException


class Node(GraphNode):  # type: ignore[misc] # Rasa ships no types
    """A node of a model that is loaded: its component exists and has no hooks."""

    @property
    def component(self) -> Any:
        """The component behind the node."""
        return self._component

    def compute(self, values: dict[str, Any]) -> Any:
        """Call the component with what its parents made; `values` is by name of node."""
        arguments = {parameter: values[parent] for parameter, parent in self._inputs.items()}
        try:
            return self._fn(self._component, **arguments)
        except RasaException:
            raise
        except Exception as error:
            raise GraphComponentException(f"{self._node_name} failed") from error


class SequentialGraphRunner(GraphRunner):  # type: ignore[misc] # Rasa ships no types
    """A graph runner for prediction; training stays with Rasa's own."""

    def __init__(self, schema: GraphSchema, nodes: dict[str, Node]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._plans: dict[tuple[str, ...], tuple[tuple[str, Node], ...]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> Self:
        """Load every component of the schema; hooks are for training and not supported."""
        if hooks:
            raise NotImplementedError("hooks belong to training")
        nodes = {
            name: Node.from_schema_node(name, node, model_storage, execution_context)
            for name, node in graph_schema.nodes.items()
        }
        return cls(graph_schema, nodes)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Compute the targets; an input stands for the node of its name."""
        wanted = tuple(targets or self._schema.target_names)
        values = dict(inputs or {})
        for name, node in self._plans.get(wanted) or self._plan(wanted):
            if name not in values:
                values[name] = node.compute(values)
        return {name: values[name] for name in wanted}

    def components(self, kind: type) -> list[Any]:
        """The components of a kind, in the order of the schema."""
        return [node.component for node in self._nodes.values() if isinstance(node.component, kind)]

    def _plan(self, targets: tuple[str, ...]) -> tuple[tuple[str, Node], ...]:
        ordered: dict[str, Node] = {}

        def visit(name: str) -> None:
            if name in ordered or name not in self._nodes:
                return
            for parent in self._schema.nodes[name].needs.values():
                visit(parent)
            ordered[name] = self._nodes[name]

        for target in targets:
            visit(target)
        plan = tuple(ordered.items())
        self._plans[targets] = plan
        return plan
