//! Segments to blocks: what stands under each other without a blank line, at a common edge, in a similar size.

use super::{Block, Segment, overlap};

/// The widest space between two lines of a block, in heights of the lower word.
const SPACE: f64 = 0.95;
/// How much the sizes of two lines may differ.
const SIZES: f64 = 1.7;

/// Groups the segments and tells each its block.
///
/// Every segment looks for the best one to go on with among the few lines above it, so the work grows with the number
/// of segments times those of the lines near them.
pub(super) fn blocks(segments: &mut [Segment]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut start = 0;
    for index in 0..segments.len() {
        let this = &segments[index];
        // Lines are sorted by their middles: what ended far above need not be looked at again.
        while start < index && segments[start].rect.y1 < this.rect.y0 - 6.0 * this.em {
            start += 1;
        }
        let above = (start..index)
            .filter(|&other| segments[other].line != this.line)
            .filter_map(|other| fit(&segments[other], this).map(|cost| (other, cost)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(other, _)| segments[other].block);
        let rect = this.rect;
        let block = if let Some(block) = above {
            blocks[block].segments.push(index);
            blocks[block].rect = blocks[block].rect.union(rect);
            block
        } else {
            blocks.push(Block {
                segments: vec![index],
                rect,
            });
            blocks.len() - 1
        };
        segments[index].block = block;
    }
    blocks
}

/// How badly `below` goes on with `above`; `None` if it does not.
fn fit(above: &Segment, below: &Segment) -> Option<f64> {
    let size = above.em.max(below.em);
    let space = below.rect.y0 - above.rect.y1;
    if space > SPACE * below.em.min(above.em)
        || space < -0.6 * size
        || below.rect.center_y() < above.rect.y1 - 0.3 * size
        || size > SIZES * above.em.min(below.em)
    {
        return None;
    }
    let left = (above.rect.x0 - below.rect.x0).abs();
    let right = (above.rect.x1 - below.rect.x1).abs();
    let middle = (above.rect.center_x() - below.rect.center_x()).abs();
    let edge = left.min(right).min(middle);
    let narrow = above.rect.width().min(below.rect.width()).max(1.0);
    let shared = overlap(above.rect, below.rect) / narrow;
    (edge < 0.6 * size && shared > 0.2 || shared > 0.7 && left < 3.0 * size)
        .then_some(left + 2.0 * space.max(0.0))
}
