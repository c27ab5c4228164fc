using ChainCrm.Grains.Personal;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Personal;

public class MaskingTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("王小明", "王**")]
    [InlineData("Ann", "A**")]
    [InlineData("𠮷野", "𠮷**")]
    public void A_name_shows_its_first_character(string? name, string? shown) => Masking.Name(name).ShouldBe(shown);

    [Theory]
    [InlineData(null, null)]
    [InlineData("+8613812341234", "138****1234")]
    [InlineData("+442071234567", "+44****4567")]
    [InlineData("+4912345", "+4****45")]
    [InlineData("12345", "****")]
    public void A_phone_shows_its_ends(string? phone, string? shown) => Masking.Phone(phone).ShouldBe(shown);

    [Theory]
    [InlineData(null, null)]
    [InlineData("8800123456", "****3456")]
    [InlineData("3456", "****")]
    public void A_card_shows_its_last_four(string? card, string? shown) => Masking.Card(card).ShouldBe(shown);

    [Theory]
    [InlineData(null, null)]
    [InlineData("1990-05-17", "--05")]
    [InlineData("--05-17", "--05")]
    [InlineData("garbage", "****")]
    public void A_birthday_shows_its_month(string? birthday, string? shown) => Masking.Birthday(birthday).ShouldBe(shown);
}
