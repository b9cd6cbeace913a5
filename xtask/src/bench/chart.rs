//! A chart of horizontal bars, as SVG.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// A chart that compares one figure of several things.
#[derive(Debug)]
pub struct Chart {
    /// What is compared.
    pub title: &'static str,
    /// What the length of a bar means, with its unit.
    pub axis: &'static str,
    /// Digits after the point of a figure.
    pub digits: usize,
    /// From top to bottom.
    pub bars: Vec<Bar>,
}

/// One bar.
#[derive(Debug)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// Its length; not negative.
    pub value: f64,
    /// Whether it is this project's, which has a colour of its own.
    pub ours: bool,
}

const OURS: RGBColor = RGBColor(0, 98, 178);
const OTHERS: RGBColor = RGBColor(150, 157, 166);
const WIDTH: u32 = 760;
/// Pixels from top to top of two bars.
const STEP: u32 = 34;
/// Pixels for the title and the axis.
const FRAME: u32 = 106;

impl Chart {
    /// The chart on white, so that it can be read on a dark page as well.
    ///
    /// # Errors
    /// The library cannot draw it.
    pub fn svg(&self) -> anyhow::Result<String> {
        let mut svg = String::new();
        self.draw(&SVGBackend::with_string(&mut svg, (WIDTH, self.height()?)).into_drawing_area())?;
        Ok(svg)
    }

    fn height(&self) -> anyhow::Result<u32> {
        Ok(FRAME + STEP * u32::try_from(self.bars.len())?)
    }

    fn draw(
        &self,
        area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>,
    ) -> anyhow::Result<()> {
        let longest = self.bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
        let rows = f64::from(u32::try_from(self.bars.len())?);
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(area)
            .caption(self.title, ("sans-serif", 18))
            .margin(12)
            .x_label_area_size(50)
            .y_label_area_size(270)
            .build_cartesian_2d(0.0..longest * 1.15, rows..0.0)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .x_labels(6)
            .x_label_formatter(&|value| grouped(*value, usize::from(longest < 3.0)))
            .x_desc(self.axis)
            .label_style(("sans-serif", 14))
            .light_line_style(TRANSPARENT)
            .draw()?;
        let mut top = 0.0;
        for bar in &self.bars {
            let colour = if bar.ours { OURS } else { OTHERS };
            let middle = top + 0.5;
            let corners = [(0.0, top + 0.15), (bar.value, top + 0.85)];
            chart.draw_series([Rectangle::new(corners, colour.filled())])?;
            let figure = grouped(bar.value, self.digits);
            let gap = longest / 100.0;
            chart.draw_series([
                Text::new(bar.label.clone(), (-gap, middle), style(HPos::Right)),
                Text::new(figure, (bar.value + gap, middle), style(HPos::Left)),
            ])?;
            top += 1.0;
        }
        area.present()?;
        Ok(())
    }
}

fn style(side: HPos) -> TextStyle<'static> {
    ("sans-serif", 14)
        .into_text_style(&(WIDTH, STEP))
        .pos(Pos::new(side, VPos::Center))
}

/// A figure with a comma before every three digits of its whole part.
pub fn grouped(figure: f64, digits: usize) -> String {
    let text = format!("{figure:.digits$}");
    let whole = text.find('.').unwrap_or(text.len());
    let mut grouped = String::new();
    for (index, digit) in text.chars().enumerate() {
        if index > 0 && index < whole && (whole - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn figures_are_grouped_by_three_digits() {
        assert_eq!(grouped(0.27, 2), "0.27");
        assert_eq!(grouped(999.0, 0), "999");
        assert_eq!(grouped(331_000.0, 0), "331,000");
        assert_eq!(grouped(1_370_000.26, 1), "1,370,000.3");
    }

    #[test]
    fn a_chart_says_what_it_shows() {
        let bar = |label: &str, value, ours| Bar {
            label: label.to_owned(),
            value,
            ours,
        };
        let chart = Chart {
            title: "Speed",
            axis: "users/s",
            digits: 0,
            bars: vec![bar("ours", 2_000.0, true), bar("theirs<T>", 1_000.0, false)],
        };
        let svg = chart.svg().unwrap();
        for text in [
            "Speed",
            "users/s",
            "ours",
            "theirs&lt;T&gt;",
            "2,000",
            "#0062B2",
        ] {
            assert!(svg.contains(text), "no {text} in {svg}");
        }
    }
}
