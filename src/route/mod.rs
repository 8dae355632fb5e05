//! Who decides: limits, levels, approvers, reasons. A pure table.
