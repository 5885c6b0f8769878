use super::*;

pub fn shard(id: &str, weight: u32) -> Shard {
    Shard {
        id: id.into(),
        state: State::Joining,
        writer: format!("shop-ledger-{id}.c1.us-east-1.rds.amazonaws.com"),
        readers: BTreeSet::new(),
        port: 5432,
        db: "app".into(),
        secret_arn: format!("arn:aws:secretsmanager:us-east-1:111122223333:secret:{id}"),
        weight,
    }
}

fn map(weights: &[u32]) -> Map {
    let shards = weights.iter().enumerate();
    let shards = shards.map(|(at, weight)| shard(&format!("s{at:03}"), *weight)).collect();
    Map::first("shop", 4096, "tenant_id", shards).expect("a map")
}

fn states(map: &Map) -> Vec<State> {
    map.shards.iter().map(|shard| shard.state).collect()
}

#[test]
fn first_map_distributes_all_slots() {
    let map = map(&[1, 1, 1]);
    let range = |first, last, id: &str| Range(first, last, id.into());
    let expected = [range(0, 1365, "s000"), range(1366, 2730, "s001"), range(2731, 4095, "s002")];
    assert_eq!(map.ranges, expected);
    assert_eq!(states(&map), [State::Active; 3]);
    assert_eq!(Map::parse(&map.text()), Ok(map));
}

#[test]
fn equal_maps_have_equal_documents() {
    let text = map(&[1, 2]).text();
    let begins = r#"{"format":1,"stack":"shop","version":1,"slots":4096,"hash":"sha256-be64-and","#;
    assert!(text.starts_with(begins), "{text}");
    assert!(text.contains(r#""ranges":[[0,1364,"s000"],[1365,4095,"s001"]],"moves":[]"#), "{text}");
    let other = vec![shard("s001", 2), shard("s000", 1)];
    assert_eq!(Map::first("shop", 4096, "tenant_id", other).map(|map| map.text()), Ok(text));
}

#[test]
fn next_map_moves_no_slots() {
    let one = map(&[1, 1]);
    let shards = vec![shard("s000", 1), shard("s001", 0), shard("s002", 1), shard("s003", 0)];
    let next = one.next(shards).expect("a map");
    assert_eq!((next.version, &next.ranges), (2, &one.ranges));
    assert_eq!(next.prev_sha256, Some(one.sha256()));
    assert_eq!(states(&next), [State::Active, State::Draining, State::Joining, State::Retired]);
}

#[test]
fn owners_cannot_be_removed_and_one_is_required() {
    let one = map(&[1, 1]);
    let gone = one.next(vec![shard("s000", 1)]);
    assert_eq!(gone, Err("s001 owns 2048 slots and is not among the shards".into()));
    assert!(one.next(vec![shard("s000", 0), shard("s001", 0)]).is_err());
    assert!(Map::first("shop", 4096, "k", Vec::new()).is_err());
    assert!(Map::first("shop", 1000, "k", vec![shard("s000", 1)]).is_err());
}

#[test]
fn refuses_document_that_contradicts_itself() {
    let good = map(&[1, 1]);
    type Change = fn(&mut Map);
    let wrong: &[Change] = &[
        |map| map.ranges[0].1 = 2046,
        |map| map.ranges[1].2 = "s009".into(),
        |map| map.shards[1].state = State::Joining,
        |map| map.shards.reverse(),
        |map| map.version = 2,
        |map| map.hash = "crc16".into(),
        |map| map.slots = 4095,
    ];
    for change in wrong {
        let mut map = good.clone();
        change(&mut map);
        assert!(Map::parse(&map.text()).is_err(), "{}", map.text());
    }
    let newer = good.text().replace("\"format\":1", "\"format\":2");
    assert!(Map::parse(&newer).is_err_and(|why| why.contains("format 2")));
    assert!(Map::parse("{}").is_err());
}

#[test]
fn slot_is_in_one_move_and_starts_at_its_owner() {
    let moving = |from: &str, to: &str, range, state| Move {
        id: "m-1-1".into(),
        from: from.into(),
        to: to.into(),
        ranges: vec![range],
        state,
        epoch: 1,
    };
    let with = |moves| Map { moves, ..map(&[1, 1]) }.check();
    assert!(with(vec![moving("s000", "s001", (0, 9), Stage::Copying)]).is_ok());
    assert!(with(vec![moving("s001", "s000", (0, 9), Stage::Soaking)]).is_ok());
    assert!(with(vec![moving("s001", "s000", (0, 9), Stage::Fenced)]).is_err());
    assert!(with(vec![moving("s000", "s009", (0, 9), Stage::Planned)]).is_err());
    let twice = moving("s000", "s001", (9, 10), Stage::Planned);
    assert!(with(vec![moving("s000", "s001", (0, 9), Stage::Copying), twice]).is_err());
}
