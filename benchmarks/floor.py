"""The floor: the product's channel with nothing behind it. Verifies, decrypts, echoes, encrypts.

.venv/bin/python -m benchmarks.floor PORT
"""

from __future__ import annotations

import sys

import uvloop
from aiohttp import web

from bot.clock import running_from
from bot.log import configure
from bot.settings import SIMULATOR_AES_KEY, SIMULATOR_APPID, SIMULATOR_TOKEN
from bot.wechat.callback import Callback, EchoReceiver, routes
from bot.wechat.crypto import Crypto


def main() -> None:
    configure("error", json_lines=False)
    crypto = Crypto(token=SIMULATOR_TOKEN, appid=SIMULATOR_APPID, aes_keys=[SIMULATOR_AES_KEY])
    app = web.Application()
    app.add_routes(routes(Callback(crypto, EchoReceiver(), running_from(None))))
    uvloop.install()
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
