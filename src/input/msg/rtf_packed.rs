//! RTF as Outlook packs it ([MS-OXRTFCP]): runs copied from a ring of 4,096 bytes that begins with phrases of its own.

/// What stands in the ring at the beginning.
const PHRASES: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
/// Size of the ring.
const RING: usize = 4096;
/// Marks of packed and of plain content.
const PACKED: &[u8] = b"LZFu";
const PLAIN: &[u8] = b"MELA";

/// The RTF; `None` if the stream is none of the format. A run takes two bytes and gives 17 at most, so nothing swells.
pub(super) fn unpack(stream: &[u8]) -> Option<Vec<u8>> {
    let (mark, content) = (stream.get(8..12)?, stream.get(16..)?);
    let size = usize::try_from(u32::from_le_bytes(stream.get(4..8)?.try_into().ok()?)).ok()?;
    if mark == PLAIN {
        return Some(content.get(..size).unwrap_or(content).to_vec());
    }
    if mark != PACKED {
        return None;
    }
    let mut ring = [b' '; RING];
    ring[..PHRASES.len()].copy_from_slice(PHRASES);
    let (mut end, mut out) = (PHRASES.len(), Vec::new());
    let mut put = |byte: u8, ring: &mut [u8; RING], end: &mut usize| {
        ring[*end] = byte;
        *end = (*end + 1) % RING;
        out.push(byte);
    };
    let mut bytes = content.iter().copied();
    'stream: while let Some(kinds) = bytes.next() {
        for bit in 0..8 {
            let Some(byte) = bytes.next() else {
                break 'stream;
            };
            if kinds >> bit & 1 == 0 {
                put(byte, &mut ring, &mut end);
                continue;
            }
            let Some(low) = bytes.next() else {
                break 'stream;
            };
            let run = usize::from(byte) << 8 | usize::from(low);
            let from = run >> 4;
            // A run that begins where the ring ends is the end mark.
            if from == end {
                break 'stream;
            }
            for step in 0..(run & 0xf) + 2 {
                let byte = ring[(from + step) % RING];
                put(byte, &mut ring, &mut end);
            }
        }
    }
    out.truncate(size);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unpacks_the_sample_of_the_format() {
        // [MS-OXRTFCP] section 4.1.1.
        let packed = b"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125\x42\x32\x0a\xf3 hel\x09\0 bw\x05\xb0ld}\x0a\x80\x0f\xa0";
        let rtf = unpack(packed).expect("is packed RTF");
        assert_eq!(rtf, b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
        assert_eq!(PHRASES.len(), 207);
    }

    #[test]
    fn what_is_none_or_torn_is_no_panic() {
        assert_eq!(unpack(b""), None);
        assert_eq!(unpack(&[0; 40]), None);
        assert_eq!(
            unpack(b"\0\0\0\0\x04\0\0\0MELA\0\0\0\0{\\rt").as_deref(),
            Some(&b"{\\rt"[..])
        );
        let torn = b"\0\0\0\0\xff\0\0\0LZFu\0\0\0\0\xff\x01";
        assert_eq!(unpack(torn).as_deref(), Some(&b""[..]));
    }
}
