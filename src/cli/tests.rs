use super::*;
use clap::CommandFactory;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(line.split_whitespace())
}

#[test]
fn arguments_are_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn global_options_work_before_and_after_the_command() {
    for line in ["tenfold --region eu-west-1 plan a.yaml", "tenfold plan a.yaml --region eu-west-1"]
    {
        let cli = parse(line).unwrap();
        assert_eq!(cli.global.region.as_deref(), Some("eu-west-1"), "{line}");
    }
}

#[test]
fn sandbox_option_has_a_default_file() {
    let sandbox = |line| parse(line).unwrap().global.sandbox.unwrap();
    assert_eq!(sandbox("tenfold apply --sandbox a.yaml").to_str(), Some(".tenfold/sandbox.json"));
    assert_eq!(sandbox("tenfold apply --sandbox=b.json a.yaml").to_str(), Some("b.json"));
    assert!(parse("tenfold plan --sandbox --endpoint http://localhost:1").is_err());
    let option = |line| parse(line).unwrap().global.sandbox_option();
    assert_eq!(option("tenfold plan a.yaml"), "");
    assert_eq!(option("tenfold plan --sandbox a.yaml"), " --sandbox");
    assert_eq!(option("tenfold plan --sandbox=b.json a.yaml"), " --sandbox=b.json");
}

#[test]
fn positional_files_and_options_are_combined() {
    let cli = parse("tenfold plan a.yaml -f b.yaml -f c.yaml").unwrap();
    let Command::Plan(_) = cli.command else { panic!("not a plan") };
    let files = cli.global.all_files(&["a.yaml".into()]);
    assert_eq!(files.len(), 3);
    assert_eq!(files[0].to_str(), Some("a.yaml"));
}

#[test]
fn stack_name_and_blueprint_are_exclusive() {
    assert!(parse("tenfold destroy --stack shop --region us-east-1").is_ok());
    assert!(parse("tenfold destroy --stack shop a.yaml").is_err());
    assert!(parse("tenfold destroy --stack shop -f a.yaml").is_err());
}

#[test]
fn values_need_a_name() {
    assert!(parse("tenfold plan --set services.api.scale.max=4 --var x=a=b").is_ok());
    assert!(parse("tenfold plan --set nonsense").is_err());
    assert!(parse("tenfold plan --parallelism 0").is_err());
}
