"""The same model written the slow and obvious way: one firm, one input, one link at a time."""

from dataclasses import dataclass, field


@dataclass
class Firm:
    final: float
    target: float
    suppliers: dict = field(default_factory=dict)  # kind -> {supplier: flow}
    customers: list = field(default_factory=list)  # (buyer, kind, flow)
    stock: dict = field(default_factory=dict)  # kind -> goods
    order: dict = field(default_factory=dict)  # kind -> multiple of base flow
    output: float = 0.0
    price: float = 0.0

    @property
    def base(self):
        return self.final + sum(flow for _, _, flow in self.customers)


def firms_of(network):
    """Read the frozen network back into plain objects."""
    firms = [Firm(float(f), float(n)) for f, n in zip(network.final, network.target, strict=True)]
    links = network.flow().tocoo()
    for buyer, supplier, flow in zip(*links.coords, links.data, strict=True):
        kind = int(network.kind[supplier])
        firms[buyer].suppliers.setdefault(kind, {})[int(supplier)] = float(flow)
        firms[supplier].customers.append((int(buyer), kind, float(flow)))
    for firm in firms:
        firm.output = firm.base
        for kind, flows in firm.suppliers.items():
            firm.stock[kind] = firm.target * sum(flows.values())
            firm.order[kind] = 1.0
    return firms


def even_level(goods, orders):
    """Fill ``orders`` (size, multiple of it) from the lowest multiple up: the level reached."""
    left, size, level = goods, sum(size for size, _ in orders), 0.0
    for here, multiple in sorted(orders, key=lambda order: order[1]):
        if (multiple - level) * size > left:
            break
        left -= (multiple - level) * size
        size, level = size - here, multiple
    return level + left / size if size > 0 else level


def one_day(firms, capacity, adjustment_days, follow, even):
    """One day in goods, not in shares; returns what every buyer and the final users received."""
    orders = [
        [(firm.final, 1.0)] + [(flow, firms[b].order[kind]) for b, kind, flow in firm.customers]
        for firm in firms
    ]
    received, final = {}, []
    for j, (firm, room) in enumerate(zip(firms, capacity, strict=True)):
        wanted = sum(size * multiple for size, multiple in orders[j])
        limits = [
            firm.stock[kind] / sum(flows.values()) * firm.base
            for kind, flows in firm.suppliers.items()
        ]
        firm.output = min([room * firm.base, wanted, *limits])
        share = 1.0 if even else firm.output / wanted
        level = float("inf")
        if even and firm.output < wanted:
            level = even_level(firm.output, orders[j])
        final.append(firm.final * min(share, level))
        for buyer, kind, flow in firm.customers:
            received[buyer, j] = flow * min(share * firms[buyer].order[kind], level)
    for i, firm in enumerate(firms):
        made = firm.output / firm.base
        for kind, flows in firm.suppliers.items():
            use = sum(flows.values())
            firm.stock[kind] += sum(received[i, j] for j in flows) - use * made
            target = firm.target * use * (1 + follow * (made - 1))
            wish = use * made + (target - firm.stock[kind]) / adjustment_days
            firm.order[kind] = max(0.0, wish) / use
    return received, final


def one_month_of_prices(firms, cost_rise, pass_through):
    """Price rises after a month in which every firm's own cost stands ``cost_rise`` above base."""
    bills = [
        sum(flow * firms[j].price for flows in firm.suppliers.values() for j, flow in flows.items())
        for firm in firms
    ]
    for firm, cost, bill in zip(firms, cost_rise, bills, strict=True):
        firm.price = pass_through * (cost + bill / firm.base)
    return [firm.price for firm in firms]
