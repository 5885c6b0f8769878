use super::*;
use crate::shards::map::tests::shard;
use crate::shards::map::{Map, Shard};
use proptest::prelude::*;

fn shards(weights: &[u32]) -> Vec<Shard> {
    let weights = weights.iter().enumerate();
    weights.map(|(at, weight)| shard(&format!("s{at:03}"), *weight)).collect()
}

fn first(weights: &[u32]) -> Map {
    Map::first("shop", 4096, "tenant_id", shards(weights)).expect("a map")
}

/// The map after all of its moves.
fn done(map: &Map) -> Map {
    let mut owners: Vec<String> = Vec::new();
    for range in &map.ranges {
        owners.extend((range.0..=range.1).map(|_| range.2.clone()));
    }
    for transfer in moves(map) {
        for slot in transfer.ranges.iter().flat_map(|(first, last)| *first..=*last) {
            assert_eq!(owners[slot as usize], transfer.from, "slot {slot} moved from its owner");
            owners[slot as usize] = transfer.to.clone();
        }
    }
    let mut ranges: Vec<Range> = Vec::new();
    for (slot, owner) in (0..).zip(owners) {
        match ranges.last_mut() {
            Some(last) if last.2 == owner => last.1 = slot,
            _ => ranges.push(Range(slot, slot, owner)),
        }
    }
    let moved = Map { ranges, ..map.clone() };
    moved.next(map.shards.clone()).expect("a map")
}

fn moved(map: &Map) -> u32 {
    moves(map).iter().map(Transfer::size).sum()
}

#[test]
fn three_to_four_moves_a_quarter() {
    let map = first(&[1, 1, 1]).next(shards(&[1, 1, 1, 1])).expect("a map");
    let expected = [
        "1024 slots to move",
        "s000 → s003 342 slots [1024-1365]",
        "s001 → s003 341 slots [2390-2730]",
        "s002 → s003 341 slots [3755-4095]",
    ];
    assert_eq!(in_words(&moves(&map)), expected);
    assert!(in_words(&moves(&done(&map))).is_empty());
}

#[test]
fn growth_moves_only_the_shares_of_new_shards() {
    let grow = |from: usize, to: usize| {
        moved(&first(&vec![1; from]).next(shards(&vec![1; to])).expect("a map"))
    };
    let grown = [(1, 2), (2, 3), (3, 4), (4, 5), (4, 8), (8, 9), (16, 32)];
    let expected = [2048, 1365, 1024, 819, 2048, 455, 2048];
    assert_eq!(grown.map(|(from, to)| grow(from, to)), expected);
}

#[test]
fn heavier_shard_gets_more_slots() {
    let map = first(&[1, 1]).next(shards(&[1, 3])).expect("a map");
    assert_eq!(in_words(&moves(&map))[1..], ["s000 → s001 1024 slots [1024-2047]"]);
}

#[test]
fn weight_0_drains_a_shard() {
    let map = first(&[1, 1, 1]).next(shards(&[1, 0, 1])).expect("a map");
    let expected = ["s001 → s000 682 slots [1366-2047]", "s001 → s002 683 slots [2048-2730]"];
    assert_eq!(in_words(&moves(&map))[1..], expected);
    let after = done(&map);
    assert_eq!(after.owned("s001"), 0);
    let without = vec![shard("s000", 1), shard("s002", 1)];
    assert!(after.next(without).is_ok());
}

#[test]
fn whole_ranges_move_before_one_is_split() {
    let mut map = first(&[1, 1]);
    let range = |first, last, id: &str| Range(first, last, id.into());
    map.ranges = vec![
        range(0, 1999, "s000"),
        range(2000, 2099, "s001"),
        range(2100, 2109, "s000"),
        range(2110, 3999, "s001"),
        range(4000, 4095, "s000"),
    ];
    assert_eq!(in_words(&moves(&map))[1..], ["s000 → s001 58 slots [2100-2109, 4048-4095]"]);
}

prop_compose! {
    /// A map with a history: distributed by some weights, moved for others, then given the last
    /// ones.
    fn maps()(
        past in prop::collection::vec(prop::collection::vec(0_u32..9, 1..12), 1..4),
        heaviest in 1_u32..9,
    ) -> Map {
        let most = past.iter().map(Vec::len).max().unwrap_or(1);
        let weights = |weights: &Vec<u32>| {
            let mut all = weights.clone();
            all.resize(most, 0);
            all[weights.len() - 1] = heaviest;
            all
        };
        let mut past = past.iter().map(weights);
        let mut map = first(&past.next().unwrap_or_default());
        for weights in past {
            map = done(&map).next(shards(&weights)).expect("a map");
        }
        map
    }
}

proptest! {
    #![proptest_config(crate::testing::property_test(256))]

    #[test]
    fn every_shard_ends_with_its_share(map in maps()) {
        let sum: u32 = map.shards.iter().map(|shard| shard.weight).sum();
        let after = done(&map);
        for shard in &after.shards {
            let exact = f64::from(map.slots) * f64::from(shard.weight) / f64::from(sum);
            prop_assert!((f64::from(after.owned(&shard.id)) - exact).abs() < 1.0);
        }
        prop_assert!(moves(&after).is_empty(), "slots moved although the shares were right");
    }

    #[test]
    fn moves_only_the_excess(map in maps()) {
        let shares = shares(&map);
        let too_much: u32 = shares.iter().map(|s| s.now.saturating_sub(s.target)).sum();
        prop_assert_eq!(moved(&map), too_much);
        // Whatever the order of equal remainders, no distribution moves fewer slots than this.
        let sum: u64 = map.shards.iter().map(|shard| u64::from(shard.weight)).sum();
        let ceiling = |weight: u32| (u64::from(map.slots) * u64::from(weight)).div_ceil(sum) as u32;
        let bound: u32 = shares.iter().map(|s| s.now.saturating_sub(ceiling(s.weight))).sum();
        prop_assert!(moved(&map) >= bound && moved(&map) <= bound + map.shards.len() as u32);
    }

    #[test]
    fn equal_maps_give_equal_moves(map in maps()) {
        let read = Map::parse(&map.text());
        prop_assert_eq!(read.as_ref().map(moves), Ok(moves(&map)));
    }
}
