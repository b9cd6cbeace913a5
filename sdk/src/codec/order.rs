//! In which order a server writes the properties of its objects.

use super::Shape;

/// What came after each property in the objects that were read before: servers keep their order
/// from object to object, so that in a list nearly every property is found at the first try.
#[derive(Default)]
pub(super) struct Orders {
    shapes: Vec<Order>,
}

struct Order {
    shape: &'static Shape,
    /// By place: what came first, then what came after each property.
    next: Vec<usize>,
}

/// The order of one shape.
#[derive(Clone, Copy)]
pub(super) struct OrderId(usize);

impl Orders {
    pub(super) fn of(&mut self, shape: &'static Shape) -> OrderId {
        let known = |order: &Order| std::ptr::eq(order.shape, shape);
        OrderId(self.shapes.iter().position(known).unwrap_or_else(|| {
            // Until one was read, the order of names is as good a guess as any.
            let next = (0..=shape.properties.len()).collect();
            self.shapes.push(Order { shape, next });
            self.shapes.len() - 1
        }))
    }

    /// The property to be expected after `place`: 0 at the start of an object, else 1 more than an index.
    pub(super) fn expected(&self, OrderId(order): OrderId, place: usize) -> usize {
        self.shapes[order].next[place]
    }

    pub(super) fn learn(&mut self, OrderId(order): OrderId, place: usize, index: usize) {
        self.shapes[order].next[place] = index;
    }
}
