# SPDX-License-Identifier: Apache-2.0
"""Orders over kernel TCP from a client that shares nothing with the C++: two clients, reconnects,
replay, the end of the day."""

import socket
import struct
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from ouch_client import Client, Venue, cancel, enter, replace  # noqa: E402

TWO = ("--rate", "0", "--instruments", "3",
       "--account", "ONE:pw1:FRMA", "--account", "TWO:pw2:FRMB")


class OrderPort(unittest.TestCase):
    def test_orders_are_accepted_replaced_and_canceled(self):
        with Venue("--rate", "0") as venue:
            client = Client(venue)
            self.assertEqual(client.login, b"A")
            self.assertEqual(client.session.decode().strip(), venue.ready["session"])
            client.send(enter(1, b"B", 100, "RAAA", 10_000))
            accepted = client.reply_of(b"A")
            self.assertEqual(struct.unpack_from(">IcI8sQ", accepted, 9),
                             (1, b"B", 100, b"RAAA    ", 10_000))
            self.assertEqual(accepted[47:48], b"L")
            client.send(replace(1, 2, 300, 10_100))
            replaced = client.reply()
            self.assertEqual(struct.unpack_from(">cQIIcI", replaced)[2:], (1, 2, b"B", 300))
            client.send(cancel(2, 120))
            self.assertEqual(struct.unpack_from(">IIc", client.reply(), 9), (2, 180, b"U"))
            client.send(cancel(2))
            self.assertEqual(struct.unpack_from(">IIc", client.reply(), 9), (2, 120, b"U"))
            summary = venue.end()
            self.assertEqual(venue.process.returncode, 0)
            self.assertEqual(summary["orders_received"], 2)
            self.assertEqual(summary["orders_canceled"], 2)
            self.assertEqual(summary["orders_open"], 0)

    def test_two_clients_trade_with_each_other(self):
        with Venue(*TWO) as venue:
            one = Client(venue, "ONE", "pw1")
            two = Client(venue, "two", "PW2")  # names and passwords have no case
            number, middle = self.between_the_touches(one)
            one.send(enter(number, b"S", 70, "RAAB", middle))
            self.assertEqual(one.reply_of(b"A")[47:48], b"L")
            two.send(enter(1, b"B", 50, "RAAB", middle))
            two.reply_of(b"A")
            bought = struct.unpack_from(">IIQcQ", two.reply(), 9)
            sold = struct.unpack_from(">IIQcQ", one.reply(), 9)
            self.assertEqual(bought[:4], (1, 50, middle, b"R"))
            self.assertEqual(sold[:4], (number, 50, middle, b"A"))
            self.assertEqual(bought[4], sold[4])
            accounts = venue.end()["accounts"]
            self.assertEqual(accounts["ONE"]["positions"]["RAAB"], -50)
            self.assertEqual(accounts["TWO"]["positions"], {"RAAB": 50})
            self.assertEqual(accounts["ONE"]["shares_open"], 20)

    def between_the_touches(self, client):
        """Buys and sells one share at once; the price between the two, where nobody is. The book
        opens instrument by instrument: it stands when the last one trades."""
        number = 0
        asks = []
        while not asks:
            number += 1
            asks = self.trade_one(client, number, b"B", "RAAC")
        bid = self.trade_one(client, number + 1, b"S", "RAAB")[0]
        ask = self.trade_one(client, number + 2, b"B", "RAAB")[0]
        self.assertGreaterEqual(ask - bid, 200)
        return number + 3, bid + (ask - bid) // 200 * 100

    def trade_one(self, client, number, side, symbol):
        """The price of one share at once, if there is one."""
        limit = 1_999_999_900 if side == b"B" else 100
        client.send(enter(number, side, 1, symbol, limit, tif=b"3"))
        if client.reply_of(b"A")[47:48] == b"D":
            return []
        return [struct.unpack_from(">Q", client.reply_of(b"E"), 17)[0]]

    def test_a_reconnect_replays_exactly_what_was_missed(self):
        with Venue("--rate", "0") as venue:
            first = Client(venue)
            first.send(enter(1, b"B", 100, "RAAA", 10_000))
            first.reply_of(b"A")
            reached = first.next_sequence
            for number in range(2, 12):
                first.send(enter(number, b"B", 100, "RAAA", 10_000))
            expected = [first.reply() for _ in range(10)]
            first.close()
            second = Client(venue, sequence=reached)
            self.assertEqual(second.next_sequence, reached)
            self.assertEqual([second.reply() for _ in range(10)], expected)
            second.close()
            third = Client(venue, sequence=0)
            self.assertEqual(third.next_sequence, reached + 10)
            third.send(b"Q")
            self.assertEqual(struct.unpack_from(">I", third.reply_of(b"Q"), 9), (12,))
            venue.end()

    def test_a_new_connection_of_an_account_ends_the_old_one(self):
        with Venue("--rate", "0") as venue:
            old = Client(venue)
            Client(venue)
            while old.packet() != (b"", b""):
                pass
            venue.end()

    def test_a_wrong_password_or_name_is_refused(self):
        with Venue("--rate", "0") as venue:
            self.assertEqual(Client(venue, password="WRONG").login, b"J")
            self.assertEqual(Client(venue, username="NOBODY").login, b"J")
            self.assertEqual(Client(venue).login, b"A")

    def test_a_login_may_arrive_byte_by_byte(self):
        with Venue("--rate", "0") as venue:
            client = Client.__new__(Client)
            client.bytes = b""
            client.socket = socket.create_connection(("127.0.0.1", venue.ready["order_port"]))
            login = b"\0\x2fL" + b"RIDLEYTURTLE    " + b" " * 10 + b"1".rjust(20)
            for byte in login:
                client.socket.sendall(bytes([byte]))
            self.assertEqual(client.packet()[0], b"A")

    def test_orders_stay_after_a_disconnect_unless_asked_otherwise(self):
        for option, still_open in ((), 1), (("--cancel-on-disconnect",), 0):
            with self.subTest(option=option), Venue("--rate", "0", *option) as venue:
                client = Client(venue)
                client.send(enter(1, b"B", 100, "RAAA", 10_000))
                client.reply_of(b"A")
                client.close()
                back = Client(venue, sequence=0)
                back.send(b"Q")
                back.reply_of(b"Q")
                self.assertEqual(venue.end()["orders_open"], still_open)

    def test_the_end_of_the_day_is_told(self):
        with Venue("--rate", "0") as venue:
            client = Client(venue)
            client.send(b"Q")
            client.reply_of(b"Q")
            venue.process.terminate()
            self.assertEqual(client.reply()[9:10], b"E")
            self.assertEqual(client.packet()[0], b"Z")
            self.assertEqual(client.packet(), (b"", b""))
            client.close()
            venue.process.communicate(timeout=20)
            self.assertEqual(venue.process.returncode, 0)

    def test_a_moving_market_fills_a_marketable_order(self):
        with Venue("--rate", "5000", "--instruments", "3") as venue:
            client = Client(venue)
            number = 1
            while not self.trade_one(client, number, b"B", "RAAA"):
                number += 1
            summary = venue.end()
            self.assertEqual(summary["shares_filled"], 1)
            self.assertEqual(summary["positions"], {"RAAA": 1})
            self.assertLess(summary["cash_e4"], 0)
