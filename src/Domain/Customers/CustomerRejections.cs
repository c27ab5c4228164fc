namespace ChainCrm.Domain.Customers;

/// <summary>
/// Refusals of customers, 100 to 199, in order of precedence: first what is wrong with the command whoever the customer is, then what
/// the customer's state says against it.
/// </summary>
public static class CustomerRejections
{
    public static readonly Rejection OriginInvalid = new(100, "customer.origin-invalid",
        "The store, staff or till that gives this command is not well formed.", "发起操作的门店、员工或收银机编号格式不正确。");

    public static readonly Rejection HomeStoreInvalid = new(101, "customer.home-store-invalid",
        "The home store is not a well-formed store id.", "所属门店编号格式不正确。");

    public static readonly Rejection ProfileInvalid = new(102, "customer.profile-invalid",
        "The profile is empty or too large.", "会员资料为空或过大。");

    public static readonly Rejection IdentitiesInvalid = new(103, "customer.identities-invalid",
        "A customer has at most 10 identities (phone number, card, external id), each once.", "每位会员最多 10 个身份标识（手机号、会员卡、外部编号），且不能重复。");

    public static readonly Rejection StoreInvalid = new(104, "customer.store-invalid",
        "The store is not a well-formed store id.", "门店编号格式不正确。");

    public static readonly Rejection ReceiptInvalid = new(105, "customer.receipt-invalid",
        "A receipt number has 1 to 64 characters without spaces.", "小票号应为 1 到 64 个不含空格的字符。");

    public static readonly Rejection InFuture = new(106, "customer.in-future",
        "The time lies more than 10 minutes in the future. Check the clock of the till.", "发生时间晚于当前时间 10 分钟以上，请检查收银机时钟。", MayPassLater: true);

    public static readonly Rejection TooEarly = new(107, "customer.too-early",
        "The sale is earlier than the programme records. Check its date.", "销售日期早于会员规则允许的最早日期，请检查日期。");

    public static readonly Rejection BusinessDayInvalid = new(108, "customer.business-day-invalid",
        "The business day does not fit the time it happened.", "营业日与发生时间不符。");

    public static readonly Rejection ChannelInvalid = new(109, "customer.channel-invalid",
        "The channel is blank or longer than 64 characters.", "渠道为空或超过 64 个字符。");

    public static readonly Rejection NoLines = new(110, "customer.no-lines",
        "A receipt has at least one line.", "小票至少要有一行商品。");

    public static readonly Rejection TooManyLines = new(111, "customer.too-many-lines",
        "A receipt has at most 2,000 lines.", "一张小票最多 2,000 行。");

    public static readonly Rejection LineNumberInvalid = new(112, "customer.line-number-invalid",
        "A line number is from 1 to 32,767.", "行号应在 1 到 32,767 之间。");

    public static readonly Rejection ProductInvalid = new(113, "customer.product-invalid",
        "The product is blank or longer than 64 characters.", "商品编号为空或超过 64 个字符。");

    public static readonly Rejection CategoryInvalid = new(114, "customer.category-invalid",
        "The category is blank or longer than 64 characters.", "商品类别为空或超过 64 个字符。");

    public static readonly Rejection QuantityInvalid = new(115, "customer.quantity-invalid",
        "The quantity must be from 0 to 1,000,000.", "数量应在 0 到 1,000,000 之间。");

    public static readonly Rejection PriceInvalid = new(116, "customer.price-invalid",
        "The price must not be negative or larger than 100 million.", "价格不能为负，也不能超过一亿。");

    public static readonly Rejection DiscountInvalid = new(117, "customer.discount-invalid",
        "The discount must not be negative or larger than the price.", "折扣不能为负，也不能超过价格。");

    public static readonly Rejection LineTwice = new(118, "customer.line-twice",
        "Two lines have the same number.", "行号重复。");

    public static readonly Rejection AmountTooLarge = new(119, "customer.amount-too-large",
        "The receipt comes to more than 100 million.", "小票总额超过一亿。");

    public static readonly Rejection PointsInvalid = new(120, "customer.points-invalid",
        "The number of points is out of range.", "积分数超出范围。");

    public static readonly Rejection ReasonInvalid = new(121, "customer.reason-invalid",
        "The reason is missing, blank, or longer than 200 characters.", "原因缺失、为空或超过 200 个字符。");

    public static readonly Rejection OffsetInvalid = new(122, "customer.offset-invalid",
        "The offset from UTC is larger than 14 hours.", "时区偏移超过 14 小时。");

    public static readonly Rejection ReturnQuantityInvalid = new(123, "customer.return-quantity-invalid",
        "The quantity that comes back must be more than 0 and at most 1,000,000.", "退货数量必须大于 0 且不超过 1,000,000。");

    public static readonly Rejection ExtensionInvalid = new(124, "customer.extension-invalid",
        "Points can be extended to today or up to 3,660 days ahead, and those that end before a day no later than the new last day.",
        "积分只能延长到今天或今后 3,660 天之内；筛选日期不能晚于新的有效期。");

    public static readonly Rejection BrandInvalid = new(125, "customer.brand-invalid",
        "The brand is blank or longer than 64 characters.", "品牌为空或超过 64 个字符。");

    public static readonly Rejection ReceiverInvalid = new(129, "customer.receiver-invalid",
        "Points go to another customer than the one who gives them.", "积分只能转给另一位会员。");

    public static readonly Rejection NotEnrolled = new(130, "customer.not-enrolled",
        "There is no such customer.", "没有这位会员。", MayPassLater: true);

    public static readonly Rejection AlreadyEnrolled = new(131, "customer.already-enrolled",
        "The customer is a member already.", "该客户已经是会员。");

    public static readonly Rejection TooManyDeliveries = new(139, "customer.too-many-deliveries",
        "16 deliveries of this customer are still under way. Try again in a moment.", "该会员有 16 笔转赠尚在途中，请稍后再试。", MayPassLater: true);

    public static readonly Rejection PointsNotAccepted = new(140, "customer.points-not-accepted",
        "The programme does not let customers pay with points.", "当前规则不支持积分抵扣。", MayPassLater: true);

    public static readonly Rejection NotEnoughPoints = new(141, "customer.not-enough-points",
        "The customer has fewer points than that to spend.", "可用积分不足。", MayPassLater: true);

    public static readonly Rejection PointsExceedAmount = new(142, "customer.points-exceed-amount",
        "The points are worth more than the receipt comes to.", "积分抵扣金额超过小票金额。");

    public static readonly Rejection EarnsTooMuch = new(143, "customer.earns-too-much",
        "The receipt would earn more than one billion points. Check its amount.", "该小票将获得的积分超过十亿，请检查金额。", MayPassLater: true);

    public static readonly Rejection PointsFrozen = new(144, "customer.points-frozen",
        "The customer's points are frozen. Release them first.", "该会员的积分已冻结，请先解冻。", MayPassLater: true);

    public static readonly Rejection NothingToExtend = new(145, "customer.nothing-to-extend",
        "The customer has no points that end before that day.", "该会员没有在该日期之前到期的积分。", MayPassLater: true);

    public static readonly Rejection TransfersNotOffered = new(146, "customer.transfers-not-offered",
        "The programme does not let customers give points to each other.", "当前规则不支持积分转赠。", MayPassLater: true);

    public static readonly Rejection TransferTooSmall = new(148, "customer.transfer-too-small",
        "The programme asks for more points in one transfer.", "转赠积分少于规则要求的最低数量。", MayPassLater: true);

    public static readonly Rejection TransferLimitReached = new(149, "customer.transfer-limit-reached",
        "The customer would give away more points than the programme allows in a day or a year.", "转赠积分超过规则允许的每日或每年上限。", MayPassLater: true);

    public static readonly Rejection UnknownReceipt = new(150, "customer.unknown-receipt",
        "This customer has no such receipt.", "该会员没有这张小票。", MayPassLater: true);

    public static readonly Rejection ReturnBeforeSale = new(151, "customer.return-before-sale",
        "The return is earlier than the sale. Check its time.", "退货时间早于销售时间，请检查时间。");

    public static readonly Rejection OutsideReturnWindow = new(152, "customer.outside-return-window",
        "The time within which this receipt could be returned is over.", "该小票已超过可退货期限。", MayPassLater: true);

    public static readonly Rejection ReturnsForgotten = new(153, "customer.returns-forgotten",
        "This customer has returned from so many receipts that this old one can no longer be checked. Ask headquarters to adjust the points.",
        "该会员退货的小票过多，无法再核对这张较早的小票，请联系总部手工调整积分。");

    public static readonly Rejection UnknownLine = new(154, "customer.unknown-line",
        "The receipt has no such line.", "该小票没有这一行。");

    public static readonly Rejection AlreadyReturned = new(155, "customer.already-returned",
        "This has been returned before.", "该商品已退货。");

    public static readonly Rejection ReturnsTooMuch = new(156, "customer.returns-too-much",
        "More comes back than was bought and not yet returned.", "退货数量超过尚未退货的购买数量。");

    public static readonly Rejection LineReturnsWhole = new(157, "customer.line-returns-whole",
        "This line has no quantity: it can only be returned whole, with quantity 0.", "该行没有数量，只能整行退货，退货数量应为 0。");

    public static readonly Rejection StoredValueNotOffered = new(160, "customer.stored-value-not-offered",
        "The programme offers no stored value.", "当前规则未开通储值。", MayPassLater: true);

    public static readonly Rejection StoredValueAmountInvalid = new(161, "customer.stored-value-amount-invalid",
        "The amount must be more than 0 and at most 100 million.", "金额必须大于 0 且不超过一亿。");

    public static readonly Rejection StoredValueTooMuch = new(162, "customer.stored-value-too-much",
        "The card would hold more than the programme allows.", "充值后余额超过规则允许的上限。", MayPassLater: true);

    public static readonly Rejection StoredValueFrozen = new(163, "customer.stored-value-frozen",
        "The stored value is frozen. Release it first.", "储值账户已冻结，请先解冻。", MayPassLater: true);

    public static readonly Rejection NotEnoughStoredValue = new(164, "customer.not-enough-stored-value",
        "The customer has less stored value than that.", "储值余额不足。", MayPassLater: true);

    public static readonly Rejection StoredValueExceedsAmount = new(165, "customer.stored-value-exceeds-amount",
        "The stored value is more than what is left to pay.", "储值支付金额超过应付金额。");

    public static readonly Rejection StoredValueNotRefunded = new(166, "customer.stored-value-not-refunded",
        "The programme lets no stored value be paid out.", "当前规则不允许储值退款。", MayPassLater: true);

    public static readonly Rejection RefundExceedsPrincipal = new(167, "customer.refund-exceeds-principal",
        "More would be paid out than was paid in and is left.", "退款金额超过剩余本金。", MayPassLater: true);

    public static readonly Rejection BasketHoldsNothing = new(170, "customer.basket-holds-nothing",
        "A basket holds points, stored value or coupons. To hold nothing any more, cancel it.", "购物篮须预占积分、储值或优惠券；如不再预占，请取消购物篮。");

    public static readonly Rejection BasketNotOpen = new(171, "customer.basket-not-open",
        "There is no such open basket: it was paid, cancelled, or its time is over. Send the sale without it, or open another.",
        "没有这个有效的购物篮：已结账、已取消或预占已到期。请不带购物篮重新提交，或另开购物篮。");

    public static readonly Rejection TooManyBaskets = new(172, "customer.too-many-baskets",
        "The customer has 16 open baskets. Pay or cancel one, or wait until its time is over.", "该会员已有 16 个未结购物篮，请先结账、取消或等待到期。", MayPassLater: true);

    public static readonly Rejection PointsHeld = new(173, "customer.points-held",
        "Open baskets of the customer hold these points. Pay or cancel them, or wait until their time is over.", "这些积分已被该会员的其他购物篮预占，请先结账、取消或等待到期。", MayPassLater: true);

    public static readonly Rejection StoredValueHeld = new(174, "customer.stored-value-held",
        "Open baskets of the customer hold this stored value. Pay or cancel them, or wait until their time is over.", "该储值已被该会员的其他购物篮预占，请先结账、取消或等待到期。", MayPassLater: true);

    public static readonly Rejection CouponHeld = new(175, "customer.coupon-held",
        "An open basket of the customer holds this coupon. Pay or cancel it, or wait until its time is over.", "这张优惠券已被该会员的其他购物篮预占，请先结账、取消或等待到期。", MayPassLater: true);

    public static readonly Rejection CouponsInvalid = new(180, "customer.coupons-invalid",
        "A receipt takes at most 20 coupons, each once.", "一张小票最多使用 20 张优惠券，且每张只能填写一次。");

    public static readonly Rejection CouponNotHeld = new(181, "customer.coupon-not-held",
        "The customer holds no such coupon: it was used, has ended, or never was.", "该会员没有这张优惠券：已使用、已过期或不存在。", MayPassLater: true);

    public static readonly Rejection CouponNotYet = new(182, "customer.coupon-not-yet",
        "The coupon is not good yet.", "该优惠券还未到可用时间。", MayPassLater: true);

    public static readonly Rejection CouponKindGone = new(183, "customer.coupon-kind-gone",
        "The programme has no such kind of coupon any more. Ask headquarters.", "当前规则已不再支持这种优惠券，请联系总部。", MayPassLater: true);

    public static readonly Rejection CouponNotHere = new(184, "customer.coupon-not-here",
        "The coupon is not for this sale: its store, tier, channel, day or time does not fit.", "该优惠券不适用于本次消费：门店、等级、渠道、日期或时段不符。");

    public static readonly Rejection CouponNoGoods = new(185, "customer.coupon-no-goods",
        "The receipt has nothing that the coupon is for.", "小票中没有该优惠券适用的商品。");

    public static readonly Rejection CouponBelowMinimum = new(186, "customer.coupon-below-minimum",
        "The goods that the coupon is for do not reach its minimum.", "适用商品未达到该优惠券的使用门槛。");

    public static readonly Rejection CouponGivesNothing = new(187, "customer.coupon-gives-nothing",
        "The coupon would take nothing off. Keep it for another time.", "该优惠券对本次消费没有优惠，请留待下次使用。");

    public static readonly Rejection CouponsDoNotStack = new(188, "customer.coupons-do-not-stack",
        "The coupon can't be used together with the others. Leave one out.", "该优惠券不能与其他券同时使用，请减少一张。");

    public static readonly Rejection CouponKindNotIssued = new(190, "customer.coupon-kind-not-issued",
        "The programme issues no coupon of this kind.", "当前规则不发放这种优惠券。", MayPassLater: true);

    public static readonly Rejection CouponCountInvalid = new(191, "customer.coupon-count-invalid",
        "The number of coupons must be from 1 to 20.", "发券数量应在 1 到 20 之间。");

    public static readonly Rejection CouponLimitReached = new(192, "customer.coupon-limit-reached",
        "The customer has had as many coupons of this kind as one customer may get.", "该会员领取这种优惠券已达上限。", MayPassLater: true);

    public static readonly Rejection TooManyCoupons = new(193, "customer.too-many-coupons",
        "The customer would hold more than 200 coupons.", "该会员持有的优惠券将超过 200 张。", MayPassLater: true);

    public static readonly Rejection CouponOver = new(194, "customer.coupon-over",
        "The coupon's last day would be over already.", "该优惠券的有效期已结束，无法发放。", MayPassLater: true);

    public static readonly Rejection TagUnknown = new(195, "customer.tag-unknown",
        "The programme has no tag of this id. Add it to the dictionary of tags first.", "标签字典中没有这个标签，请先在规则中添加。", MayPassLater: true);

    public static readonly Rejection TagDayInvalid = new(196, "customer.tag-day-invalid",
        "The last day of a tag is today or up to 3,660 days ahead.", "标签的最后一天应为今天或今后 3,660 天之内。");

    public static readonly Rejection TagNotCarried = new(197, "customer.tag-not-carried",
        "The customer does not carry this tag.", "该会员没有这个标签。", MayPassLater: true);

    public static readonly Rejection TooManyTags = new(198, "customer.too-many-tags",
        "The customer carries 50 tags. Take one off first.", "该会员已有 50 个标签，请先移除一个。", MayPassLater: true);

    public static readonly Rejection NotOnSaleYet = new(199, "customer.not-on-sale-yet",
        "These goods are not on sale for this customer yet.", "该商品尚未对这位会员开售。", MayPassLater: true);
}
