//! Words with boxes to lines, blocks, columns and tables: geometry only, no word of any language.
