using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;

namespace ChainCrm.Domain.Tests.Customers;

public class ScenarioTests
{
    [Fact]
    public void A_year_of_a_customer_of_two_stores() => ScenarioTable.Run(CustomerStory.Given(Programme.BuiltIn),
        """
        // day command                   | outcome                       balance tier
           0   buy S1/1 10000            | ok                               100 member
           0   buy S2/1 10000            | ok                               220 member    // a fifth more away from home
           1   buy S1/2 5000 200         | ok                                68 member    // 48.00 in money earns 48
           1   redeem 69                 | customer.not-enough-points        68 member
           2   return S1/2               | ok                               220 member    // as if never bought
           2   return S1/2               | customer.already-returned        220 member
           3   adjust 30                 | ok                               250 member
           9   buy S1/3 200000           | ok                              2250 silver
          10   buy S1/4 10000            | ok                              2360 silver
          11   return S1/3               | ok                               360 member
          12   late S1/5 200000 3        | ok                              2360 silver
          12   wake                      | already-done                    2360 silver
         400   wake                      | ok                                 0 silver    // everything of last January is over
        """);

    [Fact]
    public void Points_spent_and_then_returned_become_debt_and_are_paid_off() => ScenarioTable.Run(CustomerStory.Given(Programme.BuiltIn),
        """
           0   buy S1/1 30000            | ok                               300 member
           0   redeem 300                | ok                                 0 member
           1   return S1/1 1:400         | ok                              -120 member
           1   redeem 1                  | customer.not-enough-points      -120 member
           2   buy S1/2 10000            | ok                               -20 member
           3   return S1/1 1:601         | customer.returns-too-much        -20 member
           3   return S1/1 1:600         | ok                              -200 member
           4   adjust 200                | ok                                 0 member
           4   return S1/9 1:1           | customer.unknown-receipt           0 member
           4   return S1/2 2:1           | customer.unknown-line              0 member
        """);
}
