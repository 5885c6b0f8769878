//! The formats of names that the user chooses and of identifiers of AWS.

/// Whether a name consists of words of lower-case letters and digits that are separated by hyphens,
/// and starts with a letter: `order-worker`.
pub fn is_kebab_case(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase()) && name.split('-').all(is_word)
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
}

/// A name converted to kebab-case, for suggestions: at most 40 characters, after `a-` if they
/// start with a digit.
pub fn to_kebab_case(name: &str) -> String {
    let mut words = String::new();
    let mut after_lower = false;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            if c.is_ascii_uppercase() && after_lower {
                words.push('-');
            }
            words.push(c.to_ascii_lowercase());
        } else if !words.is_empty() && !words.ends_with('-') {
            words.push('-');
        }
        after_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    let name: String = words.chars().take(40).collect();
    let name = name.trim_matches('-');
    match name {
        "" => "name".to_string(),
        _ if is_kebab_case(name) => name.to_string(),
        _ => format!("a-{name}"),
    }
}

/// Whether a text is a valid stack name: `^[a-z](?:-?[a-z0-9]){1,19}$`.
pub fn is_stack_name(name: &str) -> bool {
    let letters = name.chars().filter(|c| *c != '-').count();
    is_kebab_case(name) && (2..=20).contains(&letters)
}

/// Whether a text has the format of a region: `us-east-1`, `us-gov-west-1`.
pub fn is_region(name: &str) -> bool {
    let words: Vec<&str> = name.split('-').collect();
    let [areas @ .., number] = words.as_slice() else {
        return false;
    };
    areas.len() >= 2
        && areas.iter().all(|word| word.len() >= 2 && word.chars().all(|c| c.is_ascii_lowercase()))
        && matches!(number.len(), 1 | 2)
        && number.chars().all(|c| c.is_ascii_digit())
}

/// Whether a text is an AWS account ID: 12 digits.
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.chars().all(|c| c.is_ascii_digit())
}

/// Whether a text is an AWS ID such as `vpc-0a1b2c3d`: `prefix`, a hyphen, 1 to 17 lower-case
/// hexadecimal digits.
pub fn is_aws_id(prefix: &str) -> impl Fn(&str) -> bool {
    let start = format!("{prefix}-");
    move |text| {
        let digits = text.strip_prefix(&start).unwrap_or_default();
        !digits.is_empty()
            && digits.len() <= 17
            && digits.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
    }
}

/// Whether a text is an ARN of a service, in any partition: `arn:aws:acm:…`.
pub fn is_arn(service: &str) -> impl Fn(&str) -> bool {
    move |text| {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        parts.len() == 6
            && parts[0] == "arn"
            && parts[1].starts_with("aws")
            && parts[2] == service
            && !parts[5].is_empty()
    }
}

/// Whether a text is a host name in lower case with at least one dot.
pub fn is_domain(text: &str) -> bool {
    let labels: Vec<&str> = text.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    text.len() <= 253 && labels.len() >= 2 && labels.iter().all(is_label)
}

/// Whether a text has the format of an instance type: `m7g.large`.
pub fn is_instance_type(text: &str) -> bool {
    let Some((family, size)) = text.split_once('.') else {
        return false;
    };
    let sizes = ["nano", "micro", "small", "medium", "large", "xlarge", "metal"];
    let numbered = |suffix| {
        let digits: Option<&str> = size.strip_suffix(suffix);
        digits.is_some_and(|digits| {
            let digits = digits.strip_prefix("metal-").unwrap_or(digits);
            !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
        })
    };
    is_kebab_case(family)
        && family.contains(|c: char| c.is_ascii_digit())
        && (sizes.contains(&size) || numbered("xlarge") || numbered("xl"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_and_converts_to_kebab_case() {
        for good in ["a", "api", "order-worker", "s3-proxy"] {
            assert!(is_kebab_case(good), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "A", "order_worker", "1a", "ä"] {
            assert!(!is_kebab_case(bad), "{bad}");
        }
        for (name, kebab) in [
            ("OrderWorker", "order-worker"),
            ("order_worker", "order-worker"),
            ("API", "api"),
            ("1st", "a-1st"),
        ] {
            assert_eq!(to_kebab_case(name), kebab);
        }
    }

    #[test]
    fn accepts_stack_names_of_2_to_20_letters_and_digits() {
        for good in ["ab", "shop", "shop-staging", "a1", "abcdefghijklmnopqrst"] {
            assert!(is_stack_name(good), "{good}");
        }
        for bad in ["a", "Shop", "shop--x", "shop-", "abcdefghijklmnopqrstu", "1shop"] {
            assert!(!is_stack_name(bad), "{bad}");
        }
    }

    #[test]
    fn distinguishes_regions_from_zones() {
        for good in ["us-east-1", "us-gov-west-1", "eusc-de-east-1", "ap-southeast-2"] {
            assert!(is_region(good), "{good}");
        }
        for bad in ["us-east-1a", "us-east", "virginia", "US-EAST-1", "us--1"] {
            assert!(!is_region(bad), "{bad}");
        }
    }

    #[test]
    fn requires_family_and_size_of_an_instance_type() {
        for good in ["m7g.large", "u-6tb1.metal", "m7i-flex.2xlarge", "c7i.metal-24xl"] {
            assert!(is_instance_type(good), "{good}");
        }
        for bad in ["m7g", "large", "m7g.huge", "t4g.small ", "db.r7g.large"] {
            assert!(!is_instance_type(bad), "{bad}");
        }
    }
}
