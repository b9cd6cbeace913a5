#![allow(clippy::unwrap_used)]
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// The whole body, or what was kept of it and `false`.
fn read(coding: Coding, limit: usize, wire: &[u8], chunk: usize) -> io::Result<(Bytes, bool)> {
    let mut body = Body::new(coding, limit, 0);
    for chunk in wire.chunks(chunk) {
        if !body.push(Bytes::copy_from_slice(chunk))? {
            return Ok((body.take(), false));
        }
    }
    let whole = body.finish()?;
    Ok((body.take(), whole))
}

#[test]
fn the_limit_is_inclusive_in_both_codings() {
    let data = b"0123456789";
    let coded = gzip(data);
    for (coding, wire) in [(Coding::Plain, &data[..]), (Coding::Gzip, &coded)] {
        for chunk in [1, 3, 1000] {
            let at = |limit| read(coding, limit, wire, chunk).unwrap();
            assert_eq!(at(10), (Bytes::from_static(data), true));
            assert_eq!(at(9), (Bytes::from_static(b"012345678"), false));
            assert_eq!(at(0), (Bytes::new(), false));
        }
        assert_eq!(read(coding, 0, b"", 1).unwrap(), (Bytes::new(), true));
    }
}

#[test]
fn a_bomb_is_cut_at_the_limit() {
    let bomb = gzip(&vec![b' '; 32 << 20]);
    assert!(bomb.len() < 64 << 10);
    let (kept, whole) = read(Coding::Gzip, 1 << 20, &bomb, 8 << 10).unwrap();
    assert_eq!((kept.len(), whole), (1 << 20, false));
}

#[test]
fn members_follow_each_other() {
    let wire = [gzip(b"[1,"), gzip(b""), gzip(b"2]")].concat();
    let (kept, whole) = read(Coding::Gzip, 5, &wire, 7).unwrap();
    assert_eq!((&kept[..], whole), (&b"[1,2]"[..], true));
}

#[test]
fn members_without_data_do_not_go_on_without_end() {
    let empty = gzip(b"");
    let mut body = Body::new(Coding::Gzip, 1 << 10, 0);
    let chunks = std::iter::repeat_with(|| Bytes::copy_from_slice(&empty)).take(10_000);
    let taken = chunks.take_while(|chunk| body.push(chunk.clone()).unwrap());
    assert!(taken.count() < 1_000);
}

#[test]
fn a_damaged_or_short_body_is_an_error() {
    let whole = gzip(b"a body that ends too early");
    let mut damaged = whole.clone();
    damaged[12] ^= 0x55;
    let mut checksum = whole.clone();
    let at = checksum.len() - 6;
    checksum[at] ^= 1;
    for wire in [
        &whole[..whole.len() - 1],
        &whole[..whole.len() - 9],
        &whole[..5],
        b"[1,2]",
        &damaged,
        &checksum,
    ] {
        for chunk in [1, 1000] {
            assert!(read(Coding::Gzip, 1000, wire, chunk).is_err(), "{wire:?}");
        }
    }
}

proptest! {
    #[test]
    fn what_was_compressed_comes_back(
        data in prop::collection::vec(any::<u8>(), 0..2_000),
        chunk in 1..500_usize,
    ) {
        for (coding, wire) in [(Coding::Plain, data.clone()), (Coding::Gzip, gzip(&data))] {
            let (kept, whole) = read(coding, data.len(), &wire, chunk).unwrap();
            prop_assert!(whole);
            prop_assert_eq!(&kept[..], &data[..]);
        }
    }

    #[test]
    fn anything_else_is_bounded(
        wire in prop::collection::vec(any::<u8>(), 0..500),
        limit in 0..100_usize,
        chunk in 1..50_usize,
    ) {
        // As it is, and after the header of a member.
        let member = [&gzip(b"")[..10], &wire].concat();
        for wire in [&wire, &member] {
            if let Ok((kept, _)) = read(Coding::Gzip, limit, wire, chunk) {
                prop_assert!(kept.len() <= limit);
            }
        }
    }
}
