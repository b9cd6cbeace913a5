//! What Okta shows later than it answers, waited for by condition and within bounds.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

/// The first pause between two looks; each later one is twice as long, up to [`LONGEST`].
const FIRST: Duration = Duration::from_millis(50);

const LONGEST: Duration = Duration::from_secs(2);

/// Looks again and again until `look` finds something, at most for the time of `bound`, and at least
/// once. Nothing if it was not there in time.
pub(crate) async fn until<T, E, F>(
    bound: Duration,
    mut look: impl FnMut() -> F,
) -> Result<Option<T>, E>
where
    F: Future<Output = Result<Option<T>, E>>,
{
    let start = Instant::now();
    let mut pause = FIRST;
    if let Some(found) = look().await? {
        return Ok(Some(found));
    }
    loop {
        let left = bound.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Ok(None);
        }
        sleep(pause.min(left)).await;
        pause = (pause * 2).min(LONGEST);
        let left = bound.saturating_sub(start.elapsed());
        match timeout(left.max(FIRST), look()).await {
            Ok(found) => {
                if let Some(found) = found? {
                    return Ok(Some(found));
                }
            }
            Err(_) => return Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_ends_with_the_condition_or_with_the_bound() {
        let mut looks = 0;
        let found = until(Duration::from_secs(60), || {
            looks += 1;
            let found = (looks == 4).then_some("here");
            async move { Ok::<_, ()>(found) }
        });
        assert_eq!(found.await, Ok(Some("here")));

        let start = Instant::now();
        let never = until(Duration::from_secs(5), || async {
            Ok::<Option<()>, ()>(None)
        });
        assert_eq!(never.await, Ok(None));
        assert!(start.elapsed() <= Duration::from_millis(5100));

        let hangs = until(Duration::from_secs(5), {
            let mut looks = 0;
            move || {
                looks += 1;
                let hangs = looks > 1;
                async move {
                    if hangs {
                        std::future::pending::<()>().await;
                    }
                    Ok::<Option<()>, ()>(None)
                }
            }
        });
        assert_eq!(hangs.await, Ok(None));
    }

    #[tokio::test]
    async fn an_error_ends_it() {
        let failed = until(Duration::from_secs(60), || async {
            Err::<Option<()>, _>("no")
        });
        assert_eq!(failed.await, Err("no"));
    }
}
