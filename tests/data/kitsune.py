"""An overlay with a maker that does not exist: Kitsune Motors, with plants in Japan and Mexico."""

from __future__ import annotations

from pathlib import Path

_SOURCE = "declared,made up for a test,low,estimated"

TABLES: dict[str, str] = {
    "firms": "id,name,sector,headquarters\nkitsune,Kitsune Motors,carmaker,Nagano\n",
    "lines": "id,firm,product,line_class,name,parts_product,base_output_usd,base_output_low,"
    "base_output_high,price_usd,price_low,price_high,source_url,note,confidence,evidence\n"
    f"kitsune_cars,kitsune,cars,cars,small vans,auto_parts,,,,21000,19000,24000,{_SOURCE}\n",
    "output_2017": "line,country,quantity,low,high,unit,source_url,note,confidence,evidence\n"
    f"kitsune_cars,JP,300000,,,vehicles,{_SOURCE}\n"
    f"kitsune_cars,MX,150000,,,vehicles,{_SOURCE}\n",
    "sales_2017": "line,market,quantity,low,high,unit,source_url,note,confidence,evidence\n"
    f"kitsune_cars,JP,200000,,,vehicles,{_SOURCE}\n"
    f"kitsune_cars,US,220000,,,vehicles,{_SOURCE}\n"
    f"kitsune_cars,MX,30000,,,vehicles,{_SOURCE}\n",
    "plants": "firm,line,plant,country,place,city,latitude,longitude,kind,capacity_units,"
    "capacity_confidence,capacity_year,opened_year,closed_year,ownership,note,source_url,"
    "confidence,evidence\n"
    "kitsune,kitsune_cars,Nagano,JP,JP,Nagano,36.65,138.18,plant,330000,low,2017,1970,,own,made up"
    ",declared,low,estimated\n"
    "kitsune,kitsune_cars,Puebla,MX,MX,Puebla,19.04,-98.2,plant,170000,low,2017,2012,,own,made up,"
    "declared,low,estimated\n",
}


def write_kitsune(folder: Path, *, without: str = "") -> Path:
    """The overlay in a folder, all of its tables or all but one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in TABLES.items():
        if name != without:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder
